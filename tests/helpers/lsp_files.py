"""A copy of Leeds Sports Pose, regular enough to work out by hand."""

import os

import cv2
import numpy as np
from scipy.io import savemat

from dfa_mm.structures import LSP_SET

WIDTH, HEIGHT = 60, 80
OC, PC = 'joints_observer_centric.mat', 'joints_person_centric.mat'
# The two that the person turns the back, and those who cross only the legs.
BEHIND, CROSSED = 1001, 3
LEGS = list(range(6))


def person_centric():
    """(3, 14, 2000): joint k at (10 + 2 k, 20 + 3 k), all visible, but

    picture 1: right wrist and right elbow are occluded;
    picture 2: the head top is visible at (58, -1), above the picture;
    picture 1001: the left knee is occluded.
    """
    k = np.arange(14.0)
    joints = np.zeros((3, 14, 2000))
    joints[0], joints[1] = (10 + 2 * k)[:, None], (20 + 3 * k)[:, None]
    joints[2, 6:8, 0] = 1
    joints[:2, 13, 1] = 58, -1
    joints[2, LSP_SET.index('left knee'), 1000] = 1
    return joints


def observer_centric(joints):
    """The sides exchanged: of one person all, of another the legs'."""
    flip = LSP_SET.flip_indices
    exchanged = joints.copy()
    exchanged[:, :, BEHIND - 1] = joints[:, flip, BEHIND - 1]
    legs = [flip[i] for i in LEGS]
    exchanged[:, LEGS, CROSSED - 1] = joints[:, legs, CROSSED - 1]
    return exchanged


def write_joints(path, joints, name='joints'):
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, {name: joints})


def write_images(root, width=WIDTH, height=HEIGHT):
    """One grey picture under 2000 names."""
    folder = root / 'images'
    folder.mkdir(parents=True)
    first = folder / 'im0001.jpg'
    cv2.imwrite(str(first), np.full((height, width, 3), 127, np.uint8))
    for number in range(2, 2001):
        os.link(first, folder / f'im{number:04d}.jpg')


def write_lsp(root):
    joints = person_centric()
    write_joints(root / PC, joints)
    write_joints(root / OC, observer_centric(joints))
    write_images(root)
    return root

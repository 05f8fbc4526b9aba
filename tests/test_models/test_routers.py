import pytest
import torch

from dfa_mm.models import routers
from dfa_mm.models.routers import (
    EASY_BRANCH,
    HARD_BRANCH,
    ErrorRouter,
    expected_error,
)

ERRORS = torch.tensor([0.1, 1.0])


def test_eq2_by_hand():
    labels = torch.tensor([[0.5, 0.2], [0.5, 0.5]])
    # 0.1 x 0.5 + 1.0 x 0.2 = 0.25; 0.05 + 0.5 = 0.55
    torch.testing.assert_close(
        expected_error(labels, ERRORS), torch.tensor([0.25, 0.55])
    )


def test_normalised_score_is_a_weighted_mean_of_the_errors():
    # 0.25 / 0.7; a label of one cluster has that cluster's error
    labels = torch.tensor([[0.5, 0.2], [0.0, 0.03]])
    torch.testing.assert_close(
        expected_error(labels, ERRORS, normalize=True),
        torch.tensor([0.25 / 0.7, 1.0]),
    )


def test_negative_memberships_count_as_none():
    labels = torch.tensor([[-5.0, 0.2]])
    torch.testing.assert_close(
        expected_error(labels, ERRORS), torch.tensor([0.2])
    )


def test_no_membership_at_all_has_a_finite_score():
    score = expected_error(torch.zeros(1, 2), ERRORS, normalize=True)
    assert score.tolist() == [0.0]


def test_small_error_goes_to_the_easy_branch():
    router = ErrorRouter(threshold=0.3)
    # scores 0.25, 0.55 and just 0.3: r = 1 only if G < 0.3
    labels = torch.tensor([[0.5, 0.2], [0.5, 0.5], [0.0, 0.3]])
    route = router(labels, ERRORS)
    assert route.tolist() == [EASY_BRANCH, HARD_BRANCH, HARD_BRANCH]


@pytest.mark.parametrize('share', [0.25, 0.5, 0.8])
def test_calibration_sends_the_share_to_the_easy_branch(share):
    labels = torch.rand(200, 2, generator=torch.Generator().manual_seed(0))
    router = ErrorRouter(easy_share=share)
    router.calibrate(labels, ERRORS)
    easy = (router(labels, ERRORS) == EASY_BRANCH).float().mean()
    # a quantile lies between two of 200 samples
    assert easy == pytest.approx(share, abs=1 / 200)


def test_calibration_keeps_a_given_threshold():
    router = ErrorRouter(threshold=0.3)
    router.calibrate(torch.rand(9, 2), ERRORS)
    torch.testing.assert_close(router.threshold, torch.tensor(0.3))


@pytest.mark.parametrize(
    ('threshold', 'idle'), [(0.0, 'easy'), (5.0, 'hard'), (0.3, None)]
)
def test_a_branch_that_no_sample_takes_is_told(threshold, idle, monkeypatch):
    said = []
    monkeypatch.setattr(
        routers, 'print_log', lambda text, **_: said.append(text)
    )
    # scores 0.25 and 0.55
    labels = torch.tensor([[0.5, 0.2], [0.5, 0.5]])
    ErrorRouter(threshold=threshold).calibrate(labels, ERRORS)
    expected = f'none of 2 training samples takes the {idle} branch'
    assert [text[: len(expected)] for text in said] == [expected] * bool(idle)
    assert not said or f'threshold is {threshold:g}' in said[0]


def test_samples_that_are_all_alike_are_all_hard(monkeypatch):
    said = []
    monkeypatch.setattr(
        routers, 'print_log', lambda text, **_: said.append(text)
    )
    router = ErrorRouter()
    labels = torch.full((4, 2), 0.25)
    router.calibrate(labels, ERRORS)
    assert router(labels, ERRORS).tolist() == [HARD_BRANCH] * 4
    assert 'none of 4 training samples takes the easy branch' in said[0]


def test_uncalibrated_router_refuses():
    with pytest.raises(RuntimeError, match='calibrated'):
        ErrorRouter()(torch.rand(1, 2), ERRORS)


def test_threshold_is_in_the_state_dict():
    router = ErrorRouter()
    router.calibrate(torch.tensor([[0.0, 0.4]]), ERRORS)
    copy = ErrorRouter()
    copy.load_state_dict(router.state_dict())
    torch.testing.assert_close(copy.threshold, torch.tensor(0.4))


def test_mixed_precision_takes_the_same_way():
    # 0.0002 apart: bfloat16 has steps of 0.002 at 0.3
    router = ErrorRouter(threshold=0.3)
    labels = torch.tensor([[0.0, 0.3001], [0.0, 0.2999]])
    with torch.autocast('cpu', dtype=torch.bfloat16):
        route = router(labels, ERRORS)
    assert route.tolist() == [HARD_BRANCH, EASY_BRANCH]


@pytest.mark.parametrize('share', [0, 1, -0.1, 1.5])
def test_share_must_divide_the_samples(share):
    with pytest.raises(ValueError, match='easy_share'):
        ErrorRouter(easy_share=share)

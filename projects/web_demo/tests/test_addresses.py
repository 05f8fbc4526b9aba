import pytest

from dfa_mm.errors import InputError
from projects.web_demo.addresses import (
    Addresses,
    host_name,
    is_same_origin,
)


@pytest.mark.parametrize(
    ('host', 'name'),
    [
        ('127.0.0.1:7860', '127.0.0.1'),
        ('LocalHost:80', 'localhost'),
        ('localhost.:7860', 'localhost'),
        ('[::1]:7860', '::1'),
        ('[0:0:0:0:0:0:0:1]', '::1'),
        ('[::ffff:127.0.0.1]', '127.0.0.1'),
        ('shop.example', 'shop.example'),
        ('::1', None),
        ('localhost:0', None),
        ('localhost:99999', None),
        ('localhost:7860:7860', None),
        ('evil.example@localhost', None),
        ('localhost/evil', None),
        ('localhost evil', None),
        ('localhost\x00', None),
        ('.localhost', None),
        ('', None),
        (None, None),
        ('a' * 300, None),
    ],
)
def test_one_spelling_of_a_host(host, name):
    assert host_name(host) == name


@pytest.mark.parametrize(
    ('host', 'own'),
    [
        ('127.0.0.1:7860', True),
        ('localhost', True),
        ('LOCALHOST.:1234', True),
        ('[::1]:7860', True),
        ('127.9.9.9', True),  # of this machine to itself as well
        ('192.168.1.5:7860', True),  # the address that was connected to
        ('192.168.1.6:7860', False),
        ('evil.example:7860', False),
        ('localhost.evil.example', False),
        ('127.0.0.1.nip.io', False),
        ('2130706433', False),  # browsers write it as 127.0.0.1
        ('0x7f.1', False),
        ('0.0.0.0:7860', False),
        ('shop.example', True),  # was allowed
        ('sub.shop.example', False),
        (None, False),
    ],
)
def test_whose_name_it_is(host, own):
    addresses = Addresses(['Shop.example'])
    assert addresses.is_own(host, '192.168.1.5') is own


@pytest.mark.parametrize('name', ['http://a.test', 'a.test/b', '', '*'])
def test_what_is_allowed_is_a_name(name):
    with pytest.raises(InputError, match='--allow-host'):
        Addresses([name])


def test_an_address_of_ipv6_with_its_zone():
    assert Addresses().is_own('[fe80::1]:7860', 'fe80::1%eth0')
    assert not Addresses().is_own('[fe80::2]:7860', 'fe80::1%eth0')


OWN = {'host': 'localhost:7860'}


@pytest.mark.parametrize(
    ('headers', 'same'),
    [
        ({}, True),  # no browser, or an old one
        ({'origin': 'http://localhost:7860'}, True),
        ({'origin': 'https://LOCALHOST:7860'}, True),  # behind a proxy
        ({'origin': 'http://localhost:3000'}, False),
        ({'origin': 'http://127.0.0.1:7860'}, False),
        ({'origin': 'http://evil.example'}, False),
        ({'origin': 'null'}, False),
        ({'origin': ''}, False),
        ({'origin': 'file://'}, False),
        ({'origin': 'http://[localhost:7860'}, False),
        ({'origin': 'http://a@localhost:7860'}, False),
        ({'sec-fetch-site': 'same-origin'}, True),
        ({'sec-fetch-site': 'none'}, True),
        ({'sec-fetch-site': 'same-site'}, False),  # another port
        ({'sec-fetch-site': 'cross-site'}, False),
    ],
)
def test_which_page_asks(headers, same):
    assert is_same_origin({**OWN, **headers}, navigates=False) is same


@pytest.mark.parametrize(
    ('mode', 'dest', 'same'),
    [
        ('navigate', 'document', True),  # a link
        ('navigate', 'iframe', False),
        ('no-cors', 'image', False),
    ],
)
def test_a_link_from_elsewhere_may_lead_here(mode, dest, same):
    headers = {
        **OWN,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': mode,
        'sec-fetch-dest': dest,
    }
    assert is_same_origin(headers, navigates=True) is same
    assert not is_same_origin(headers, navigates=False)

"""Under which addresses the page answers, and to pages of which origin.

A page elsewhere can have its own name lead here (DNS rebinding) or send
forms here; both are told by headers that no script can set.
"""

import ipaddress
import re
import socket
from typing import Iterable, Mapping, Optional
from urllib.parse import urlsplit

from dfa_mm.errors import InputError

# a name or an address, and maybe a port: nothing else is a Host
_HOST = re.compile(
    r'(?P<name>[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])'
    r'\.?(?::(?P<port>[0-9]{1,5}))?'
)


def host_name(host: Optional[str]) -> Optional[str]:
    """The name or address in a Host header, in one spelling.

    Returns:
        ``None`` of what is no Host.
    """
    found = _HOST.fullmatch((host or '').lower())
    if found is None or int(found['port'] or 1) not in range(1, 65536):
        return None
    name = found['name'].strip('[]')
    address = _address(name)
    if address is None:
        return None if ':' in name else name
    return str(getattr(address, 'ipv4_mapped', None) or address)


class Addresses:
    """Who is meant by a request.

    ``localhost`` and addresses of this machine to itself always are, for no
    page elsewhere can be called so; further ones are the address that a
    connection was made to, the machine's name and those that were allowed.

    Args:
        allowed (iterable of str): Further names.

    Raises:
        InputError: If one of these is no name.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        machine = socket.gethostname(), socket.getfqdn()
        self.names = {'localhost', *map(host_name, machine)} - {None}
        for each in allowed:
            name = host_name(each)
            if name is None:
                raise InputError(
                    f'--allow-host {each!r} is no name of a machine; expected '
                    'one such as shop.example, without http:// and path'
                )
            self.names.add(name)

    def is_own(self, host: Optional[str], connected: str) -> bool:
        """Whether a Host header means this page.

        Args:
            host (str, optional): The header.
            connected (str): The address that the connection was made to.
        """
        name = host_name(host)
        if name is None:
            return False
        address = _address(name)
        if address is not None and (
            address.is_loopback or name == host_name_of(connected)
        ):
            return True
        return name in self.names


def host_name_of(address: str) -> Optional[str]:
    """:func:`host_name` of an address as sockets tell it."""
    bare = address.partition('%')[0]
    return host_name(f'[{bare}]' if ':' in bare else bare)


def is_same_origin(headers: Mapping[str, str], navigates: bool) -> bool:
    """Whether a request comes from the page itself, or from no page.

    Args:
        headers: Of the request, by their names in small letters.
        navigates (bool): Whether a person may come here by a link.
    """
    origin = headers.get('origin')
    if origin is not None:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        known = parts.scheme in ('http', 'https')
        return known and parts.netloc.lower() == headers['host'].lower()
    site = headers.get('sec-fetch-site', 'none')
    if navigates and headers.get('sec-fetch-mode') == 'navigate':
        return headers.get('sec-fetch-dest', 'document') == 'document'
    return site in ('same-origin', 'none')


def _address(name: str):
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None

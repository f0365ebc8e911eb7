"""What each model accepts, as data: tables by family and by host, and the one function that compiles a request.

Light on purpose: nothing but the standard library is imported here.
"""

from pointsman.profiles.caching import cache_key, marks, session_fields
from pointsman.profiles.compile import compile_parameters
from pointsman.profiles.forms import form_of
from pointsman.profiles.prices import AS_OF, price_of
from pointsman.profiles.table import Profile, profile_of

__all__ = [
    "AS_OF",
    "Profile",
    "cache_key",
    "compile_parameters",
    "form_of",
    "marks",
    "price_of",
    "profile_of",
    "session_fields",
]

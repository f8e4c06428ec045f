"""``python -m ssm_contacts_sdk.local`` serves the embedded service over HTTP."""

import sys

from ssm_contacts_sdk.local._command import main

if __name__ == "__main__":
    sys.exit(main())

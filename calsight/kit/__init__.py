"""For connectors, public: what every connector that asks a service needs, written once.

What the words mean, here and in the connectors:

    service      what a connector asks: Google Calendar, Microsoft Graph, a CalDAV server
    account      whoever is signed in to it; a mailbox or calendar may be somebody else's who shares it
    reference    what a person types after `NAME:` to say which calendar
    calendar     one of an account's; it has an id of the service's and a name for people
    window       the span of time that is asked for, half-open, in UTC
    entry        what the service says of one event, in its own format; an **event** is calsight's (`CalendarEvent`)
    occurrence   one event in time; a **series** is what its occurrences share, where it recurs
    page         one answer of many; calsight gets `Page`s, too
    increment    what has changed since an earlier fetch; a **full fetch** is all there is in the window
    state        what one keeps to ask for an increment the next time; a **token** is the service's part of it
    sign-in      what one keeps to stay signed in (a refresh token); an **access token** is made of it, and short-lived

The modules, in the order in which the author of a connector meets them:

    section      a connector's section of the settings, and which addresses are safe to ask
    signins      where sign-ins are kept: in the keyring, or in a file for its owner alone
    asking       asking whoever signs in for what only they know
    browser      sending somebody to a browser to sign in
    quiet        other people's libraries log nothing of tokens, addresses and titles
    access       what may be reached, where an embedding product limits that
    secrets      what may be said of a web address
    deadlines    what an answer may take in all
    retry        one policy for what may pass: Retry-After, back-off, a deadline, cancelling
    answers      the errors that any service may give, as one sentence each; the pages of a collection
    texts        JSON of others, and files that may be anything
    calendars    which of an account's calendars a reference means
    times        times as services write them, and back
    entries      entries as events: one bad entry is set aside, people are built once
    sync         what a state is good for, and the course of an incremental fetch
    files        files that are written whole or not at all; private files and folders
    contract     `calsight.testing.ConnectorContract`: what calsight relies on, as tests

Besides these a connector imports `calsight`, `calsight.errors`, `calsight.protocols` and, in its tests, `calsight.testing`, and
nothing else of calsight. `calsight_google` and `calsight_outlook` are examples of the whole.
"""

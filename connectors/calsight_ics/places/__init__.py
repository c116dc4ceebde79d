"""Places: where the bytes of a calendar come from.

finding     which calendars there are in a file, a folder, an archive
opening     one of them opened
web         one behind an http(s) or webcal address
text        bytes → UTF-8 text, unpacked, mapped or spooled
"""

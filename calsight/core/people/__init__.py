"""Who is who: addresses, roles on an invitation, the directory of persons, who was there, and who is "me"."""

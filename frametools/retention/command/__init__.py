"""`python -m frametools.retention app.py`.

options, help   what may be asked for      runner   runs the program
alive   what a whole program keeps         reporting   at exit, from time to time
on_signal   when a signal comes            json_file   where the document goes
"""

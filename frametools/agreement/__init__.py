"""Do the VM and the interpreter agree? A program run both ways, in two processes.

    python -m frametools.vm --check app.py
        |
     command -- starts --> side "vm"    vm.record      --> predicted.frames
        |                  side "host"  monitor.record --> observed.frames
        |-- verdict.py: output, exit status, and `Recording.first_difference`
        '-- after a difference, the host again: does the program do the same twice?

`tests/test_agreement.py` asks the same of every program in tests/programs, with the C
recorder and with the Python one. What hosts do differently from their own rules the VM
does too, version by version: the flags of `_python.py`.
"""

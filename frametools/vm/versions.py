import sys
import opcode
from frametools.vm.opcodes import control,tmp,exceptions
HANDLERS={}
for m in (control,tmp,exceptions):
    for f in list(vars(m).values()):
        if hasattr(f,"spec"): HANDLERS[f.spec.opname]=f
_c=opcode._inline_cache_entries
def cache_entries(n):
    return _c[opcode.opmap[n]] if isinstance(_c,list) else _c.get(n,0)
import dis
for n in dis.opmap: HANDLERS.setdefault(n, control.nop)
if sys.version_info[:2]==(3,13):
    pass
HANDLERS["JUMP_BACKWARD"]=HANDLERS["JUMP_BACKWARD_NO_INTERRUPT"]=control.jump
HANDLERS["RESUME"]=control.resume
HANDLERS["CALL"]=__import__("frametools.vm.opcodes.calls",fromlist=["x"]).call_positional
HANDLERS["FOR_ITER"]=control.for_iter_popping_before_pop_top
HANDLERS["GET_ITER"]=control.get_iter

HANDLERS["WITH_EXCEPT_START"]=exceptions.with_except_start_and_self if sys.version_info>=(3,14) else exceptions.with_except_start

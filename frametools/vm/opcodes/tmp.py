from frametools.vm.instruction import inst
from frametools.vm.calling import *
from frametools.vm.frame import NULL
import operator
from types import *
const=lambda c,i: c.co.co_consts[i.oparg]
@inst("LOAD_FAST","-- v")
def load_fast(frame,stack,i):
    v=stack[i]
    if v is NULL: raise UnboundLocalError
    stack.append(v)
@inst("LOAD_FAST_LOAD_FAST","-- v", lambda c,i:(i.oparg>>4,i.oparg&15))
def load_fast2(frame,stack,i):
    i,j=i
    v=stack[i]
    if v is NULL: raise UnboundLocalError
    stack.append(v)
    stack.append(stack[j])
@inst("STORE_FAST","-- v")
def store_fast(frame,stack,i): stack[i]=stack.pop()
@inst("LOAD_CONST","-- v",const)
def load_const(frame,stack,v): stack.append(v)
@inst("POP_TOP","-- v",const)
def pop_top(frame,stack,v): stack.pop()
@inst("LOAD_GLOBAL","-- v",lambda c,i:(c.co.co_names[i.oparg>>1], i.oparg&1))
def load_global(frame,stack,op):
    name,push=op
    try: v=frame.f_globals[name]
    except KeyError: v=frame.f_builtins[name]
    stack.append(v)
    if push: stack.append(NULL)
OPS={0:operator.add,10:operator.sub,13:operator.iadd,5:operator.mul}
@inst("BINARY_OP","-- v",lambda c,i:OPS[i.oparg])
def binary_op(frame,stack,op):
    right=stack.pop()
    stack[-1]=op(stack[-1],right)
CMP = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
@inst("COMPARE_OP","-- v",lambda c,i:CMP[i.oparg>>5])
def compare_op(frame,stack,op):
    right=stack.pop()
    stack[-1]=op(stack[-1],right)
@inst("CALL","-- v",call_site)
def call_(frame,stack,site):
    n=site.oparg
    at = -n-1
    fn=stack[at-1]
    if type(fn) is FunctionType and stack[at] is NULL:
        thread=frame.thread
        code=thread.codes.get(id(fn.__code__),NULL)
        if code is NULL: code=thread.vm.adopt(fn)
        if code is not None and code.is_simple and code.argcount==n:
            depth=frame.depth+1
            if depth>thread.recursion_limit: thread.recursion_error(depth)
            if n:
                args=stack[-n:]
                args+=code.pad
            else: args=code.pad[:]
            del stack[at-1:]
            return new_frame(code,frame,fn,fn.__globals__,fn.__builtins__,args,thread,depth)
    args=stack[at+1:]
    me=stack[at]
    del stack[at-1:]
    if me is not NULL: args.insert(0,me)
    return call(frame,stack,site,fn,args,{})
@inst("STORE_FAST_LOAD_FAST","-- v", lambda c,i:(i.oparg>>4,i.oparg&15))
def store_load(frame,stack,i):
    i,j=i
    stack[i]=stack[-1]
    stack[-1]=stack[j]

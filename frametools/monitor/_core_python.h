/* What differs between the Pythons, by name: the C side's _python.py. A version is
   compared here and nowhere else in the core. */
#ifndef FRAMETOOLS_CORE_PYTHON_H
#define FRAMETOOLS_CORE_PYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* PEP 669; before it the events come from PyEval_SetProfile. With it None is
   immortal, and a callback's result may be a borrowed one. */
#define HAS_MONITORING (PY_VERSION_HEX >= 0x030C0000)

/* PyFrame_GetVarString() */
#define HAS_FRAME_GETVAR (PY_VERSION_HEX >= 0x030C0000)

/* _asyncio.current_task(), of a loop; before it there is the dict that it looks in. */
#define HAS_C_CURRENT_TASK (PY_VERSION_HEX >= 0x030C0000)
#if HAS_C_CURRENT_TASK
#define CURRENT_TASK "current_task"
#else
#define CURRENT_TASK "_current_tasks"
#endif

/* The running frame hangs on the thread state itself, not on its _PyCFrame. */
#if PY_VERSION_HEX >= 0x030D0000
#define CURRENT_FRAME(ts) ((ts)->current_frame)
#define THIS_STATE PyThreadState_GetUnchecked
#else
#define CURRENT_FRAME(ts) ((ts)->cframe->current_frame)
#define THIS_STATE _PyThreadState_UncheckedGet
#endif

/* What CURRENT_FRAME is while no Python frame runs: from 3.15 on a sentinel. */
#if PY_VERSION_HEX >= 0x030F0000
#define NO_FRAME(ts) ((ts)->base_frame)
#else
#define NO_FRAME(ts) NULL
#endif

/* Recursion of Python code is counted apart from that of C. */
#if PY_VERSION_HEX >= 0x030C0000
#define RECURSION_REMAINING(ts) ((ts)->py_recursion_remaining)
#define RECURSION_LIMIT(ts) ((ts)->py_recursion_limit)
#else
#define RECURSION_REMAINING(ts) ((ts)->recursion_remaining)
#define RECURSION_LIMIT(ts) ((ts)->recursion_limit)
#endif

/* What a generator that never ran stands at, behind its RETURN_GENERATOR or on it:
   the last instruction's place became that of the next. Of opcode.h. */
#if PY_VERSION_HEX >= 0x030D0000
#define UNSTARTED_OPCODE POP_TOP
#else
#define UNSTARTED_OPCODE RETURN_GENERATOR
#endif

/* A new reference to what a type's own __dict__ shows. */
#if PY_VERSION_HEX >= 0x030C0000
#define TYPE_DICT PyType_GetDict
#else
#define TYPE_DICT(type) Py_XNewRef((type)->tp_dict)
#endif

/* co_extra became an unstable API; the functions are the same. */
#if PY_VERSION_HEX >= 0x030C0000
#define REQUEST_CODE_EXTRA PyUnstable_Eval_RequestCodeExtraIndex
#define GET_CODE_EXTRA PyUnstable_Code_GetExtra
#define SET_CODE_EXTRA PyUnstable_Code_SetExtra
#else
#define REQUEST_CODE_EXTRA _PyEval_RequestCodeExtraIndex
#define GET_CODE_EXTRA _PyCode_GetExtra
#define SET_CODE_EXTRA _PyCode_SetExtra
#endif

#endif

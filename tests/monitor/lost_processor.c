/* Preloaded: the thread that asks for its CPU time loses the processor as it has got
   it, for some heartbeats of the ticker; three times, once in 40 questions. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

enum { EVERY = 40, TIMES = 3 };

int
clock_gettime(clockid_t id, struct timespec *found)
{
    static int (*real)(clockid_t, struct timespec *);
    static int asked;
    if (!real) {
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int status = real(id, found);
    if (id == CLOCK_THREAD_CPUTIME_ID && asked < EVERY * TIMES && ++asked % EVERY == 0) {
        struct timespec lost = {0, 250000000};
        nanosleep(&lost, NULL);
    }
    return status;
}

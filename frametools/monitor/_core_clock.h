/* Clocks: the time stamp counter where it is invariant, else CLOCK_MONOTONIC. */
#ifndef FRAMETOOLS_CORE_CLOCK_H
#define FRAMETOOLS_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#define HAVE_COUNTER 1
#elif defined(__aarch64__)
#define HAVE_COUNTER 1
#else
#define HAVE_COUNTER 0
#endif

extern int clock_is_counter;      /* 0: ticks are nanoseconds */
extern double clock_ns_per_tick;  /* refined while the program runs */
extern uint64_t clock_gap;        /* ticks; about 20 us */

void clock_init(void);
void clock_refine(void);

static inline uint64_t
clock_read(clockid_t id)
{
    struct timespec ts = {0, 0};
    clock_gettime(id, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline uint64_t
clock_counter(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return clock_read(CLOCK_MONOTONIC);
#endif
}

/* rdtsc costs 8 ns where clock_gettime costs 18 (docs/facts). */
static inline uint64_t
clock_ticks(void)
{
    return __builtin_expect(clock_is_counter, 1) ? clock_counter()
                                                 : clock_read(CLOCK_MONOTONIC);
}

#endif

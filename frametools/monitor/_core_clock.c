#include "_core_clock.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

int clock_is_counter;
double clock_ns_per_tick = 1.0;
uint64_t clock_gap = 20000;

enum { GAP_NS = 20000, SPIN_NS = 150000 };

static uint64_t first_ticks, first_ns;

static int
counter_is_invariant(void)
{
#if defined(__x86_64__) || defined(__i386__)
    unsigned a, b, c, d;
    /* CPUID 0x80000007, EDX bit 8: the counter runs at one rate in all states. */
    return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d >> 8 & 1);
#else
    return HAVE_COUNTER;
#endif
}

/* Reads both clocks at one moment: again, if the thread lost the CPU in between. */
static void
read_both(uint64_t *ticks, uint64_t *ns)
{
    enum { TRIES = 5, CLOSE_NS = 1000 };
    uint64_t before, after;
    for (int i = 0; i < TRIES; i++) {
        before = clock_read(CLOCK_MONOTONIC);
        *ticks = clock_counter();
        after = clock_read(CLOCK_MONOTONIC);
        if (after - before < CLOSE_NS) {
            break;
        }
    }
    *ns = before + (after - before) / 2;
}

void
clock_refine(void)
{
    if (!clock_is_counter) {
        return;
    }
    uint64_t ticks, ns;
    read_both(&ticks, &ns);
    ticks -= first_ticks;
    ns -= first_ns;
    if (ticks && ns >= SPIN_NS) {
        clock_ns_per_tick = (double)ns / (double)ticks;
        clock_gap = (uint64_t)(GAP_NS / clock_ns_per_tick);
    }
}

void
clock_init(void)
{
    if (first_ns) {
        return;
    }
    clock_is_counter = counter_is_invariant();
    first_ns = clock_read(CLOCK_MONOTONIC);
    first_ticks = clock_counter();
    if (clock_is_counter) {
        while (clock_read(CLOCK_MONOTONIC) - first_ns < SPIN_NS) {
        }
        clock_refine();
    }
}

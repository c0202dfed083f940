package org.selvage.benchmarks.programs;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Programs whose numbers of traces are known. Readers and last-zero: Abdulla, Aronis, Jonsson,
 * Sagonas, "Optimal dynamic partial order reduction" (POPL 2014).
 */
public final class Traces {
    private Traces() {}

    private static void together(int count, IntConsumer body) throws InterruptedException {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int number = i;
            threads[i] = new Thread(() -> body.accept(number));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** One task writes a variable, n others read it: 2^n traces. */
    public static void readers(int n) throws InterruptedException {
        AtomicInteger x = new AtomicInteger();
        together(
                n + 1,
                i -> {
                    if (i == 0) {
                        x.set(42);
                    } else {
                        x.get();
                    }
                });
    }

    /** Task i of 1 to n writes element i from element i - 1; one more looks for the last zero. */
    public static void lastZero(int n) throws InterruptedException {
        AtomicInteger[] array = new AtomicInteger[n + 1];
        for (int i = 0; i <= n; i++) {
            array[i] = new AtomicInteger();
        }
        together(
                n + 1,
                i -> {
                    if (i > 0) {
                        array[i].set(array[i - 1].get() + 1);
                        return;
                    }
                    int at = n;
                    while (array[at].get() != 0) {
                        at--;
                    }
                });
    }

    /** Two tasks update a variable n times each: 2n over n traces. */
    public static void updates(int n) throws InterruptedException {
        AtomicInteger x = new AtomicInteger();
        together(
                2,
                task -> {
                    for (int i = 0; i < n; i++) {
                        x.incrementAndGet();
                    }
                });
    }
}

package org.selvage.engine.aio;

/** Sleeping in a poll loop (os_thread_sleep). */
public final class OsThread {
    private OsThread() {}

    /** Sleeps the whole time even when interrupted; the interrupt is kept for the caller. */
    public static void sleepMicros(long micros) {
        boolean interrupted = false;
        long end = System.nanoTime() + micros * 1000;
        try {
            long left = micros * 1000;
            while (left > 0) {
                try {
                    Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = end - System.nanoTime();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

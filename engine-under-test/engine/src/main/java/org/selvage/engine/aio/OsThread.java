package org.selvage.engine.aio;

/** Sleeping in a poll loop (os_thread_sleep). */
public final class OsThread {
    private OsThread() {}

    /** Sleeps the whole time even when interrupted; the interrupt is kept for the caller. */
    public static void sleep(int millis) {
        boolean interrupted = false;
        long end = System.nanoTime() + millis * 1_000_000L;
        try {
            long left = millis;
            while (left > 0) {
                try {
                    Thread.sleep(left);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = (end - System.nanoTime() + 999_999) / 1_000_000;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

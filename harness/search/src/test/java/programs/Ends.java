package programs;

import java.util.concurrent.atomic.AtomicInteger;

/** Programs that do not come to their end by themselves. */
public final class Ends {
    private Ends() {}

    private static int deeper(AtomicInteger shared, int depth) {
        if (depth % 5 == 0) {
            shared.incrementAndGet();
        }
        return deeper(shared, depth + 1) + 1;
    }

    /** A recursion without end. */
    public static String overflow() throws InterruptedException {
        AtomicInteger shared = new AtomicInteger();
        Thread a = new Thread(() -> deeper(shared, 0), "a");
        a.start();
        shared.incrementAndGet();
        a.join();
        return "";
    }

    /** A recursion without end, of which the task knows how deep it came. */
    public static String overflowCaught() throws InterruptedException {
        AtomicInteger shared = new AtomicInteger();
        Thread a =
                new Thread(
                        () -> {
                            try {
                                deeper(shared, 0);
                            } catch (StackOverflowError e) {
                                shared.incrementAndGet();
                            }
                        },
                        "a");
        a.start();
        a.join();
        return "" + shared.get();
    }
}

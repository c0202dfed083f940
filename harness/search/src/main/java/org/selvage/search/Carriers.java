package org.selvage.search;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.selvage.hooks.Carrier;
import org.selvage.scheduler.Frames;

/** Runs work on a carrier and watches that it gets on. */
public final class Carriers {
    /** Deep enough for recursion in the program; only touched pages cost memory. */
    private static final long STACK_BYTES = 16L << 20;

    private static final long NEIGHBOUR_BYTES = 128L << 10;
    private static final long LOOK_MILLIS = 250L;

    private Carriers() {}

    /** Whether the calling thread is a carrier, or a task on one. */
    public static boolean isCarrier() {
        return Carrier.current() != null;
    }

    /** A task ran on without coming to a scheduling point. */
    public static final class StuckException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StuckException(String message) {
            super(message);
        }
    }

    /** How far the work has come; any change counts as getting on. */
    @FunctionalInterface
    public interface Pulse {
        /** A number that changes at every scheduling point. */
        long read();
    }

    /**
     * Runs work on a new carrier and waits for it.
     *
     * @param work is given a holder into which it puts its pulse once it has one
     * @param limit the longest time without a change of the pulse
     * @throws StuckException if the pulse stood still for longer: names the innermost frames. The
     *     carrier is given up.
     * @throws Exception what the work threw
     */
    public static <T> T call(Work<T> work, Duration limit) throws Exception {
        Handover<T> handover = new Handover<>();
        Carrier carrier = new Carrier(() -> handover.run(work), "selvage-carrier", STACK_BYTES);
        start(carrier);
        long last = -1;
        long since = System.nanoTime();
        while (true) {
            carrier.join(LOOK_MILLIS);
            if (!carrier.isAlive()) {
                return handover.result();
            }
            Pulse pulse = handover.pulse;
            long now = pulse == null ? -1 : pulse.read();
            if (pulse == null || now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > limit.toNanos()) {
                throw new StuckException(describe(carrier, limit));
            }
        }
    }

    /**
     * Starts a carrier, and a thread that only waits for its end.
     *
     * <p>The JVM keeps what {@link Thread#currentThread()} returns in a slot outside the heap, four
     * slots of 8 bytes for each thread (JavaThread::set_threadOopHandles), and a switch of tasks
     * writes it twice. Threads that are started one after the other have neighbouring slots. With
     * the waiting thread's slots between them, two carriers never write to the same cache line of
     * 64 bytes, which would make each a third slower.
     */
    private static void start(Carrier carrier) {
        Thread neighbour =
                new Thread(null, () -> awaitEnd(carrier), "selvage-neighbour", NEIGHBOUR_BYTES);
        neighbour.setDaemon(true);
        synchronized (Carriers.class) {
            carrier.start();
            neighbour.start();
        }
    }

    private static void awaitEnd(Carrier carrier) {
        try {
            carrier.join();
        } catch (InterruptedException e) {
            // Nobody has a reason to; the carriers would only be slower for it.
            Thread.currentThread().interrupt();
        }
    }

    /** Work that says how it gets on. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it, on the carrier. */
        T call(Handover<?> handover) throws Exception;
    }

    /** What passes between the carrier and who waits for it. */
    public static final class Handover<T> {
        private volatile @Nullable Pulse pulse;
        private volatile @Nullable T value;
        private volatile @Nullable Throwable thrown;

        /** From now on this is the pulse. */
        public void watch(Pulse next) {
            pulse = next;
        }

        // Makes no object, so that it also works when there is no memory left.
        private void run(Work<T> work) {
            try {
                value = work.call(this);
            } catch (Exception | Error e) {
                thrown = e;
            }
        }

        private T result() throws Exception {
            if (thrown instanceof Exception e) {
                throw e;
            }
            if (thrown instanceof Error e) {
                throw e;
            }
            T done = value;
            if (done == null) {
                throw new IllegalStateException("the carrier ended without a result");
            }
            return done;
        }
    }

    private static String describe(Carrier carrier, Duration limit) {
        List<StackTraceElement> stack = List.of(carrier.getStackTrace());
        StringBuilder text = new StringBuilder("stuck: no scheduling point for ");
        text.append(limit.toSeconds()).append(" s, task=").append(carrier.taskName());
        text.append(" frame=").append(Frames.innermost(stack));
        Runtime heap = Runtime.getRuntime();
        text.append(" heap=").append((heap.totalMemory() - heap.freeMemory()) >> 20);
        text.append(" of ").append(heap.maxMemory() >> 20).append(" MiB");
        text.append("; a loop without shared accesses or a native call gives no control back.");
        text.append(" Stack:");
        Frames.shown(stack).stream()
                .limit(12)
                .forEach(frame -> text.append("\n    at ").append(frame));
        return text.toString();
    }
}

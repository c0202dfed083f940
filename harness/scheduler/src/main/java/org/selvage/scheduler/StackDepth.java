package org.selvage.scheduler;

import java.util.stream.Stream;

/**
 * Ends a recursion without end at the same operation each time.
 *
 * <p>How many frames fit in a stack depends on what the JIT compiler has made of them by then, so
 * an overflow of the real stack comes now sooner, now later, and between two operations as well as
 * inside the scheduler. The stack of a carrier is larger than the limit here needs. Frames are
 * counted as the program has them, whether compiled or not, so the count repeats.
 */
final class StackDepth {
    /** More than the JVM's default stack of 1 MiB holds, even of compiled frames. */
    static final int MAX_FRAMES = 50_000;

    /** How many operations of a task pass between two looks: a look at a deep stack is slow. */
    static final int INTERVAL = 1 << 12;

    private static final StackWalker WALKER = StackWalker.getInstance();

    private StackDepth() {}

    /**
     * Looks at the stack of the calling task.
     *
     * @throws StackOverflowError if it has more frames than the limit
     */
    static void check() {
        if (WALKER.walk(StackDepth::isTooDeep)) {
            throw new StackOverflowError(); // as the JVM throws it, without a message
        }
    }

    private static boolean isTooDeep(Stream<StackWalker.StackFrame> frames) {
        return frames.skip(MAX_FRAMES).findAny().isPresent();
    }
}

package programs;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.selvage.search.LitmusCode;

/** Executes what {@link LitmusCode} describes, each operation by the JVM's own. */
public final class LitmusMachine {
    private record Box(int value) {}

    private final Object xMonitor = new Object();
    private final Object yMonitor = new Object();
    private final AtomicInteger xAtomic = new AtomicInteger();
    private final AtomicInteger yAtomic = new AtomicInteger();
    private final ReentrantLock xLock = new ReentrantLock();
    private final ReentrantLock yLock = new ReentrantLock();
    private final int[] array = new int[2];
    private volatile int x;
    private volatile int y;
    private int xPlain;
    private int yPlain;
    private Box xBox = new Box(0);
    private Box yBox = new Box(0);

    private LitmusMachine() {}

    /** What each thread has read. */
    public static String run() throws InterruptedException {
        LitmusMachine machine = new LitmusMachine();
        String[] code = LitmusCode.threads;
        StringBuilder[] read = new StringBuilder[code.length];
        Tasks.Body[] bodies = new Tasks.Body[code.length];
        for (int i = 0; i < code.length; i++) {
            StringBuilder mine = new StringBuilder();
            String[] operations = code[i].split(" ");
            read[i] = mine;
            bodies[i] = () -> machine.execute(operations, 0, mine);
        }
        Tasks.run(bodies);
        return String.join(" ", read);
    }

    /** Returns the position behind the operation that leaves the innermost monitor, or the end. */
    private int execute(String[] operations, int from, StringBuilder read) {
        int at = from;
        while (at < operations.length) {
            String operation = operations[at++];
            boolean isX = operation.charAt(1) == 'x';
            switch (operation.charAt(0)) {
                case 'L' -> {
                    synchronized (isX ? xMonitor : yMonitor) {
                        at = execute(operations, at, read);
                    }
                }
                case 'U' -> {
                    return at;
                }
                default -> access(operation, isX, read);
            }
        }
        return at;
    }

    private void access(String operation, boolean isX, StringBuilder read) {
        int value = operation.length() > 2 ? operation.charAt(2) - '0' : 0;
        switch (operation.charAt(0)) {
            case 'W' -> setVolatile(isX, value);
            case 'R' -> read.append(isX ? x : y);
            case 'I' -> {
                int seen = isX ? x : y;
                read.append(seen);
                setVolatile(isX, seen + 1);
            }
            case 'P' -> {
                if (isX) {
                    xPlain = value;
                } else {
                    yPlain = value;
                }
            }
            case 'Q' -> read.append(isX ? xPlain : yPlain);
            case 'F' -> {
                if (isX) {
                    xBox = new Box(value);
                } else {
                    yBox = new Box(value);
                }
            }
            case 'G' -> read.append(isX ? xBox.value() : yBox.value());
            case 'E' -> array[isX ? 0 : 1] = value;
            case 'T' -> read.append(array[isX ? 0 : 1]);
            case 'S' -> {
                while ((isX ? x : y) != value) {}
            }
            case 'V' -> {
                while ((isX ? x : y) != value) {
                    Thread.onSpinWait();
                }
            }
            case 'Y' -> {
                while ((isX ? x : y) != value) {
                    Thread.yield();
                }
            }
            case 'Z' -> {
                while ((isX ? xPlain : yPlain) != value) {}
            }
            case 'K' -> {
                while (!(isX ? xAtomic : yAtomic).compareAndSet(0, value)) {
                    Thread.onSpinWait();
                }
            }
            case 'J' -> (isX ? xAtomic : yAtomic).set(0);
            case 'H' -> {
                while (!(isX ? xLock : yLock).tryLock()) {}
            }
            case 'B' -> (isX ? xLock : yLock).unlock();
            case 'A' -> read.append((isX ? xAtomic : yAtomic).getAndIncrement());
            case 'C' -> read.append((isX ? xAtomic : yAtomic).compareAndSet(0, value) ? 't' : 'f');
            default -> throw new IllegalArgumentException(operation);
        }
    }

    private void setVolatile(boolean isX, int value) {
        if (isX) {
            x = value;
        } else {
            y = value;
        }
    }
}

package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystemException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;

/** Refuses operations of a statement, from the given one on, and counts them. */
final class RefusingDisk implements DiskListener {
    /** What the disk refuses from the drawn operation of the statement on. */
    enum Refusal {
        /** That operation: an I/O error, a missing permission. */
        ONE,
        /** Every write and every new file until the statement is over: a full disk. */
        FULL,
        /** Every change for good: a file system that has become read-only. */
        READ_ONLY
    }

    private final Refusal refusal;
    private final int from;
    private final AtomicInteger operations = new AtomicInteger();
    private volatile boolean statement;
    private volatile boolean refusing;

    private RefusingDisk(Refusal refusal, int from) {
        this.refusal = refusal;
        this.from = from;
    }

    /**
     * Runs a statement once for each of its operations and each way to refuse it.
     *
     * @param statement runs it on a disk of its own; whether it ended in an error
     * @return how many errors there were
     */
    static int refuseEach(Object name, Predicate<RefusingDisk> statement) {
        int errors = 0;
        for (Refusal refusal : Refusal.values()) {
            int from = 0;
            RefusingDisk disk;
            do {
                disk = new RefusingDisk(refusal, from);
                try {
                    errors += statement.test(disk) ? 1 : 0;
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(name + " " + refusal + " from operation " + from, e);
                }
                from++;
            } while (disk.operations.get() >= from);
            assertThat(from).isGreaterThan(5);
        }
        return errors;
    }

    /** From here on operations are the statement's. */
    void begin() {
        statement = true;
    }

    /** The statement is over; a full disk has room again. */
    void end() {
        statement = false;
        refusing &= refusal == Refusal.READ_ONLY;
    }

    @Override
    public void before(DiskOperation operation, String path, long offset, int length) {
        if (operation == DiskOperation.ATTRIBUTES || operation == DiskOperation.LOCK) {
            return;
        }
        boolean drawn = statement && operations.getAndIncrement() == from;
        refusing |= drawn && refusal != Refusal.ONE;
        if (drawn && refusal == Refusal.ONE) {
            refuse(path, "Input/output error");
        }
        if (refusing && isChange(operation)) {
            boolean full = refusal == Refusal.FULL;
            refuse(path, full ? "No space left on device" : "Read-only file system");
        }
    }

    private boolean isChange(DiskOperation operation) {
        return switch (operation) {
            case CREATE, WRITE, CREATE_DIRECTORY -> true;
            case TRUNCATE, DELETE, MOVE, COPY, FORCE -> refusal == Refusal.READ_ONLY;
            case OPEN, READ, SEEK, LOCK, UNLOCK, LIST, ATTRIBUTES -> false;
        };
    }

    private static void refuse(String path, String reason) {
        RefusingDisk.<RuntimeException>raise(new FileSystemException(path, null, reason));
    }

    /** The operation of the file system declares the exception, its listener does not. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void raise(Throwable error) throws X {
        throw (X) error;
    }
}

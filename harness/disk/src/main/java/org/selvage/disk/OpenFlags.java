package org.selvage.disk;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * How a file is opened.
 *
 * @param create whether a missing file is created; {@code createNew} implies it
 * @param sync whether each write is followed by a force
 */
record OpenFlags(
        boolean read,
        boolean write,
        boolean append,
        boolean truncate,
        boolean create,
        boolean createNew,
        boolean deleteOnClose,
        boolean sync) {

    /**
     * Reads the options as {@code FileChannel.open} defines them: reading unless WRITE or APPEND is
     * given; CREATE, CREATE_NEW and TRUNCATE_EXISTING only count when writing.
     *
     * @throws IllegalArgumentException for APPEND with READ or with TRUNCATE_EXISTING
     * @throws UnsupportedOperationException for an option that is not of {@code StandardOpenOption}
     */
    static OpenFlags of(Set<? extends OpenOption> options) {
        EnumSet<StandardOpenOption> given = EnumSet.noneOf(StandardOpenOption.class);
        for (OpenOption option : options) {
            Objects.requireNonNull(option, "option");
            if (option instanceof StandardOpenOption standard) {
                given.add(standard);
            } else if (option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException(
                        "A simulated disk cannot open with this option: option="
                                + option
                                + ". Use those of StandardOpenOption.");
            }
        }
        boolean append = given.contains(StandardOpenOption.APPEND);
        boolean write = append || given.contains(StandardOpenOption.WRITE);
        boolean read = !write || given.contains(StandardOpenOption.READ);
        boolean truncate = given.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (append && read) {
            throw new IllegalArgumentException("READ + APPEND not allowed");
        }
        if (append && truncate) {
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        }
        boolean createNew = write && given.contains(StandardOpenOption.CREATE_NEW);
        return new OpenFlags(
                read,
                write,
                append,
                write && truncate,
                createNew || (write && given.contains(StandardOpenOption.CREATE)),
                createNew,
                given.contains(StandardOpenOption.DELETE_ON_CLOSE),
                given.contains(StandardOpenOption.SYNC)
                        || given.contains(StandardOpenOption.DSYNC));
    }
}

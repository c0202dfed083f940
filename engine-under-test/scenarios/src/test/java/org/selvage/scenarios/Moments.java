package org.selvage.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.selvage.disk.DiskImage;
import org.selvage.disk.DiskListener;
import org.selvage.disk.DiskOperation;
import org.selvage.disk.SimulatedDisk;

/**
 * The moments before each write and each fsync of a disk, at which a process may be killed or the
 * power may go.
 *
 * <p>A killed process loses nothing that is written. With the power goes what was written since the
 * last fsync of its file: each sector of 512 bytes for itself has come to the disk or has not, and
 * so has the file's length. The names of files are durable at once.
 */
final class Moments implements DiskListener {
    private static final int SECTOR = 512;

    /**
     * A moment.
     *
     * @param idleNanos how long the disk has been idle
     * @param unforcedNanos how long no file has been forced
     * @param disk everything that is written
     * @param forced of each file the disk as it was at the file's last fsync
     */
    record Moment(
            long nanos,
            long idleNanos,
            long unforcedNanos,
            DiskImage disk,
            Map<String, DiskImage> forced,
            DiskImage prepared) {
        /** What a killed process leaves. */
        DiskImage afterKill() {
            return disk;
        }

        /** What is left when the power goes. */
        DiskImage afterPowerLoss(String folder, Random random) {
            SimulatedDisk left = new SimulatedDisk(disk, DiskListener.NONE);
            try (var files = Files.list(left.path(folder))) {
                for (Path file : files.sorted().toList()) {
                    DiskImage durable = forced.getOrDefault(file.toString(), prepared);
                    lose(file, bytesOf(durable, file), random);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return left.image();
        }
    }

    private final DiskListener next;
    private final DiskImage prepared;
    private final Map<String, DiskImage> forced = new HashMap<>();
    private final List<Moment> moments = new ArrayList<>();
    private final SimulatedDisk disk;
    private boolean recording;
    private long lastChange;
    private long lastForce;

    /** A disk whose image is durable. */
    Moments(DiskImage prepared, DiskListener next) {
        this.next = next;
        this.prepared = prepared;
        this.disk = new SimulatedDisk(prepared, this);
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** From here on moments are kept. */
    void begin() {
        synchronized (moments) {
            recording = true;
            lastChange = System.nanoTime();
            lastForce = lastChange;
        }
    }

    /** The moments up to now; no more are kept. */
    List<Moment> end() {
        synchronized (moments) {
            recording = false;
            return List.copyOf(moments);
        }
    }

    @Override
    public void before(DiskOperation operation, String path, long offset, int length) {
        next.before(operation, path, offset, length);
        if (operation != DiskOperation.WRITE && operation != DiskOperation.FORCE) {
            return;
        }
        synchronized (moments) {
            DiskImage now = disk.image();
            long nanos = System.nanoTime();
            if (recording) {
                moments.add(
                        new Moment(
                                nanos,
                                nanos - lastChange,
                                nanos - lastForce,
                                now,
                                Map.copyOf(forced),
                                prepared));
            }
            lastChange = nanos;
            if (operation == DiskOperation.FORCE) {
                forced.put(path, now);
                lastForce = nanos;
            }
        }
    }

    private static byte[] bytesOf(DiskImage image, Path file) throws IOException {
        Path then = new SimulatedDisk(image, DiskListener.NONE).path(file.toString());
        return Files.exists(then) ? Files.readAllBytes(then) : new byte[0];
    }

    /** Puts back some of the sectors that are not what they were. */
    private static void lose(Path file, byte[] durable, Random random) throws IOException {
        byte[] written = Files.readAllBytes(file);
        if (Arrays.equals(written, durable)) {
            return;
        }
        boolean all = random.nextBoolean();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] before = Arrays.copyOf(durable, written.length);
            for (int at = 0; at < written.length; at += SECTOR) {
                int end = Math.min(at + SECTOR, written.length);
                if (!Arrays.equals(written, at, end, before, at, end)
                        && (all || random.nextBoolean())) {
                    channel.write(ByteBuffer.wrap(before, at, end - at), at);
                }
            }
            if (durable.length < written.length && random.nextBoolean()) {
                channel.truncate(durable.length);
            }
        }
    }
}

package org.selvage.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.selvage.search.Schedule;
import org.selvage.search.ScheduleText;

/** Schedules as files. */
final class Schedules {
    private Schedules() {}

    /**
     * Reads a schedule.
     *
     * @throws Main.UsageException if it cannot be read or is none
     */
    static Schedule read(Path file) {
        try {
            if (Files.size(file) > ScheduleText.MAX_CHARS) {
                throw new Main.UsageException("the schedule is too large: file=" + file);
            }
            return ScheduleText.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new Main.UsageException("there is no such schedule: file=" + file, e);
        } catch (MalformedInputException e) {
            throw new Main.UsageException("the schedule is no text: file=" + file, e);
        } catch (IOException e) {
            throw new Main.UsageException(
                    "the schedule cannot be read: file=" + file + " cause=" + e, e);
        } catch (ScheduleText.SyntaxException e) {
            throw new Main.UsageException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a schedule in one step, so that a reader sees all of it or the old one.
     *
     * @throws Main.UsageException if it cannot be written
     */
    static void write(Path file, Schedule schedule) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path partial = file.resolveSibling(file.getFileName() + ".partial");
            Files.writeString(partial, ScheduleText.print(schedule));
            Files.move(
                    partial,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Main.UsageException(
                    "the schedule cannot be written: file=" + file + " cause=" + e, e);
        }
    }
}

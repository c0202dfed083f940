package org.selvage.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.selvage.report.FiledFinding;
import org.selvage.report.FindingException;
import org.selvage.report.WholeFile;
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
     * Reads a schedule, a {@code finding.json} or the folder of a finding.
     *
     * @throws Main.UsageException if it cannot be read or is none
     */
    static FiledFinding readFiled(Path path) {
        try {
            return FiledFinding.read(path);
        } catch (FindingException e) {
            throw new Main.UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Writes a schedule in one step, so that a reader sees all of it or the old one.
     *
     * @throws Main.UsageException if it cannot be written
     */
    static void write(Path file, Schedule schedule) {
        try {
            WholeFile.write(file, ScheduleText.print(schedule));
        } catch (IOException e) {
            throw new Main.UsageException(
                    "the schedule cannot be written: file=" + file + " cause=" + e, e);
        }
    }
}

package org.selvage.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.selvage.search.ScheduleText;

/**
 * The folder of findings. Each failure has a folder of its own in it, named {@code NNNN-slug}, with
 *
 * <ul>
 *   <li>{@code README.md}: how to run it, what happens, which results are expected
 *   <li>{@code minimal.schedule}: the schedule, as {@link ScheduleText} writes it
 *   <li>{@code finding.json}: everything, for programs ({@code finding.schema.json})
 *   <li>{@code report.html}: the execution as a page ({@link HtmlReport})
 * </ul>
 *
 * <p>A folder appears whole or not at all: it is written under a name that begins with {@code
 * .new-} and then renamed. The same failure is filed once. It is the same if subject, profile,
 * defects and {@link org.selvage.search.Signature} are the same, but for the numbers of lambdas;
 * the schedules may differ.
 */
public final class FindingFolder {
    private static final System.Logger LOG = System.getLogger(FindingFolder.class.getName());
    private static final Pattern NAME = Pattern.compile("([0-9]{4,6})-[a-z0-9.-]+");
    private static final String UNFINISHED = ".new-";
    private static final int MAX_SLUG = 60;
    private static final int MAX_NUMBER = 999_999;

    /** Makes a writer. It has no state. */
    public FindingFolder() {}

    /**
     * Files a finding, or recognises it.
     *
     * @param findings the folder of all findings; made if there is none
     * @return the finding's own folder: a new one, or the one in which the same failure was filed
     *     before, which stays as it is
     * @throws FindingException if it cannot be written; nothing is left behind then
     */
    public Path write(Path findings, Finding finding) throws FindingException {
        Optional<Path> known = existing(findings, finding);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            Files.createDirectories(findings);
            for (int number = lastNumber(findings) + 1; number <= MAX_NUMBER; number++) {
                String name = String.format(Locale.ROOT, "%04d-%s", number, slug(finding));
                Path folder = findings.resolve(name);
                if (place(findings, folder, contents(filed(finding, findings, name), name))) {
                    return folder;
                }
            }
            throw new IOException("there is no number left");
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw cannotWrite(findings, e);
        }
    }

    /**
     * Replaces the files of a filed finding, each in one step.
     *
     * @param folder the finding's own folder
     * @return the finding with the command that reproduces it from there
     * @throws FindingException if it cannot be written
     */
    public Finding rewrite(Path folder, Finding finding) throws FindingException {
        Path whole = folder.toAbsolutePath().normalize();
        Path name = whole.getFileName();
        Path findings = whole.getParent();
        if (name == null || findings == null) {
            throw cannotWrite(folder, new IOException("it is no folder of a finding"));
        }
        Finding filed = filed(finding, findings, name.toString());
        try {
            for (Map.Entry<String, String> file : contents(filed, name.toString()).entrySet()) {
                WholeFile.write(folder.resolve(file.getKey()), file.getValue());
            }
            return filed;
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw cannotWrite(folder, e);
        }
    }

    private static FindingException cannotWrite(Path findings, Exception e) {
        return new FindingException(
                "the finding cannot be written: folder="
                        + findings
                        + " reason="
                        + Wording.oneLine(reason(e))
                        + "; name a folder that can be written to",
                e);
    }

    private static String reason(Exception e) {
        String text = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? text : text + " " + e.getMessage();
    }

    /**
     * Where the same failure of the same subject under the same profile and defects was filed
     * before, if it was.
     *
     * @throws FindingException if the folder cannot be read
     */
    public Optional<Path> existing(Path findings, Finding finding) throws FindingException {
        FindingJson.Identity identity = FindingJson.Identity.of(finding);
        for (Path folder : folders(findings)) {
            Path file = folder.resolve("finding.json");
            if (!Files.isRegularFile(file)) {
                continue;
            }
            try {
                if (FindingJson.readIdentity(file).equals(identity)) {
                    return Optional.of(folder);
                }
            } catch (FindingException e) {
                // A file that somebody damaged cannot be this failure for certain, and must not
                // keep it from being filed.
                LOG.log(System.Logger.Level.WARNING, "passed over: {0}", e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static List<Path> folders(Path findings) throws FindingException {
        try (Stream<Path> entries = Files.list(findings)) {
            return entries.filter(entry -> number(entry) > 0).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw cannotWrite(findings, e);
        }
    }

    private static int lastNumber(Path findings) throws FindingException {
        return folders(findings).stream().mapToInt(FindingFolder::number).max().orElse(0);
    }

    private static int number(Path folder) {
        Path name = folder.getFileName();
        Matcher matcher = NAME.matcher(name == null ? "" : name.toString());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** The subject's name and the kind of failure, in lower case. */
    static String slug(Finding finding) {
        String subject = finding.schedule().subject();
        String words = subject.substring(subject.indexOf(' ') + 1) + "-" + Readme.kind(finding);
        String slug =
                words.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        String cut = slug.substring(0, Math.min(MAX_SLUG, slug.length())).replaceAll("-$", "");
        return cut.isEmpty() ? "finding" : cut;
    }

    /** The finding with the command that reproduces it from its folder. */
    private static Finding filed(Finding finding, Path findings, String name) {
        Path parent = findings.getFileName();
        String folder = (parent == null ? "" : parent + "/") + name;
        return finding.withCommand("./selvage replay " + folder + "/minimal.schedule");
    }

    private static Map<String, String> contents(Finding filed, String name) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("README.md", Readme.print(filed, name));
        files.put("minimal.schedule", ScheduleText.print(filed.schedule()));
        files.put("finding.json", FindingJson.print(filed));
        files.put("report.html", HtmlReport.print(filed));
        return files;
    }

    /**
     * Writes files into a new folder at once.
     *
     * @return false if the folder is there already
     */
    static boolean place(Path findings, Path folder, Map<String, String> files) throws IOException {
        Path unfinished = Files.createTempDirectory(findings, UNFINISHED);
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(
                        unfinished.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
            }
            share(unfinished);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException | RuntimeException e) {
            boolean taken = Files.exists(folder);
            try {
                delete(unfinished);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            if (taken) {
                return false;
            }
            throw e;
        }
    }

    /**
     * A temporary folder is its owner's alone; a finding is as public as the folder that it lies
     * in.
     */
    private static void share(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(parent));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(folder);
    }
}

package org.selvage.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.selvage.search.Scenario;
import org.selvage.search.Subcommand;
import org.selvage.weaver.Isolation;
import org.selvage.weaver.ProgramLoader;
import picocli.CommandLine;

/** The programs that can be searched, and where their classes are. */
final class Programs {
    /**
     * Jars and folders of the programs under test, separated as on a class path; the launcher sets
     * it.
     */
    static final String PATH_PROPERTY = "selvage.programs";

    private final List<Path> path;

    Programs(List<Path> path) {
        this.path = path;
    }

    /** Jars and folders of the programs. */
    List<Path> path() {
        return path;
    }

    /** The programs that the launcher named. */
    static Programs installed() {
        List<Path> path = new ArrayList<>();
        for (String entry : System.getProperty(PATH_PROPERTY, "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                path.add(Path.of(entry));
            }
        }
        return new Programs(path);
    }

    /**
     * The programs on a class path as Java's command line has it: jars, folders, and folders with
     * {@code /*} for all jars in them.
     *
     * @throws Main.UsageException if an entry does not exist
     */
    static Programs of(String classPath) {
        List<Path> path = new ArrayList<>();
        String given = classPath.isEmpty() ? "." : classPath;
        for (String entry : given.split(File.pathSeparator, -1)) {
            if (entry.equals("*") || entry.endsWith("/*")) {
                path.addAll(
                        jarsIn(
                                Path.of(
                                        entry.equals("*")
                                                ? "."
                                                : entry.substring(0, entry.length() - 2))));
            } else {
                path.add(existing(Path.of(entry.isEmpty() ? "." : entry)));
            }
        }
        return new Programs(path);
    }

    private static List<Path> jarsIn(Path folder) {
        try (Stream<Path> files = Files.list(existing(folder))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new Main.UsageException("the folder cannot be read: path=" + folder, e);
        }
    }

    private static Path existing(Path entry) {
        if (!Files.exists(entry)) {
            throw new Main.UsageException("there is no such jar or folder: path=" + entry);
        }
        return entry;
    }

    /** Loaders that give each execution fresh classes. */
    Isolation isolation() {
        return new Isolation(urls(), ClassLoader.getPlatformClassLoader(), name -> false);
    }

    /** A new loader that weaves the programs, with assertions switched on. */
    ProgramLoader loader() {
        ProgramLoader loader =
                new ProgramLoader(
                        urls(),
                        Programs.class.getClassLoader(),
                        name -> name.startsWith("org.selvage.") && !isProgram(name));
        loader.setDefaultAssertionStatus(true);
        return loader;
    }

    private static boolean isProgram(String name) {
        return name.startsWith("org.selvage.engine.") || name.startsWith("org.selvage.scenarios.");
    }

    private URL[] urls() {
        List<URL> urls = new ArrayList<>();
        for (Path entry : path) {
            try {
                urls.add(existing(entry).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new Main.UsageException("the path cannot be used: path=" + entry, e);
            }
        }
        return urls.toArray(URL[]::new);
    }

    /** The scenarios that a loader finds. */
    static List<Scenario> scenarios(ClassLoader loader) {
        List<Scenario> scenarios = new ArrayList<>();
        ServiceLoader.load(Scenario.class, loader).forEach(scenarios::add);
        return scenarios;
    }

    /**
     * A scenario by its name.
     *
     * @throws Main.UsageException if there is none
     */
    static Scenario scenario(ClassLoader loader, String name) {
        List<Scenario> scenarios = scenarios(loader);
        for (Scenario scenario : scenarios) {
            if (scenario.name().equals(name)) {
                return scenario;
            }
        }
        throw new Main.UsageException(
                "no such scenario: scenario="
                        + name
                        + ", known="
                        + scenarios.stream().map(Scenario::name).toList());
    }

    /**
     * Checks that a scenario has a profile and defects of these names.
     *
     * @return the profile's name; the default one's if none is given
     */
    static String checked(Scenario scenario, String profile, List<String> defects) {
        List<String> profiles = names(scenario.profiles());
        List<String> known = names(scenario.defects());
        for (String defect : defects) {
            if (!known.contains(defect)) {
                throw new Main.UsageException(
                        "no such defect: defect=" + defect + ", known=" + known);
            }
        }
        if (profile.isEmpty()) {
            return profiles.getFirst();
        }
        if (!profiles.contains(profile)) {
            throw new Main.UsageException(
                    "no such profile: profile=" + profile + ", known=" + profiles);
        }
        return profile;
    }

    private static List<String> names(List<Scenario.Variant> variants) {
        return variants.stream().map(Scenario.Variant::name).toList();
    }

    /** Adds the subcommands that the programs bring along; those are loaded without weaving. */
    static void addSubcommands(CommandLine command) {
        Programs programs = installed();
        if (programs.path.isEmpty()) {
            return;
        }
        ClassLoader plain =
                new URLClassLoader("plain", programs.urls(), Programs.class.getClassLoader());
        for (Subcommand subcommand : ServiceLoader.load(Subcommand.class, plain)) {
            command.addSubcommand(subcommand.name(), ForeignCommand.of(subcommand));
        }
    }

    /**
     * A hash over all class files of the programs: tells one build from another.
     *
     * @throws Main.UsageException if one cannot be read
     */
    String fingerprint() {
        TreeMap<String, byte[]> classes = new TreeMap<>();
        for (Path entry : path) {
            try {
                if (Files.isDirectory(entry)) {
                    addFolder(entry, classes);
                } else {
                    addJar(entry, classes);
                }
            } catch (ZipException e) {
                throw new Main.UsageException("this is no jar: path=" + entry, e);
            } catch (IOException | UncheckedIOException e) {
                throw new Main.UsageException(
                        "the class path cannot be read: path=" + entry + " cause=" + e, e);
            }
        }
        MessageDigest digest = sha256();
        classes.forEach((name, hash) -> {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update(hash);
        });
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static void addFolder(Path folder, Map<String, byte[]> classes) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                classes.putIfAbsent(
                        folder.relativize(file).toString(), checksum(crc.getValue(), bytes.length));
            }
        }
    }

    /** As for a folder; a jar's directory has the checksums, which takes no decompression. */
    private static void addJar(Path jar, Map<String, byte[]> classes) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .forEach(entry ->
                            classes.putIfAbsent(
                                    entry.getName(), checksum(entry.getCrc(), entry.getSize())));
        }
    }

    private static byte[] checksum(long crc, long size) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(crc).putLong(size).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}

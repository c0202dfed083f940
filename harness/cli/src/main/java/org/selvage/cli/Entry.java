package org.selvage.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a search runs.
 *
 * @param kind how it is named
 * @param name the scenario, the class, or the class and the method of a test as {@code
 *     CLASS#METHOD}
 * @param classPath where the classes of a main or test are, as on Java's command line
 * @param arguments what main gets
 */
record Entry(Kind kind, String name, String classPath, List<String> arguments) {
    /** The first word of a schedule's line that says what is run. */
    enum Kind {
        SCENARIO("scenario"),
        MAIN("main"),
        TEST("test");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static final String CLASS_PATH = "class-path";
    private static final String ARGUMENT = "argument.";

    static Entry scenario(String name) {
        return new Entry(Kind.SCENARIO, name, "", List.of());
    }

    /**
     * What a schedule says that it runs.
     *
     * @param classPath instead of the schedule's own; empty to use that
     */
    static Entry of(String subject, Map<String, String> parameters, String classPath) {
        for (Kind kind : Kind.values()) {
            if (subject.startsWith(kind.word + " ")) {
                String name = subject.substring(kind.word.length() + 1);
                return kind == Kind.SCENARIO
                        ? scenario(name)
                        : new Entry(
                                kind,
                                name,
                                classPath.isEmpty()
                                        ? parameters.getOrDefault(CLASS_PATH, "")
                                        : classPath,
                                arguments(parameters));
            }
        }
        throw new Main.UsageException("the schedule runs what is not known here: " + subject);
    }

    private static List<String> arguments(Map<String, String> parameters) {
        List<String> arguments = new java.util.ArrayList<>();
        for (int i = 1; ; i++) {
            String argument = parameters.get(ARGUMENT + i);
            if (argument == null) {
                return arguments;
            }
            arguments.add(argument.translateEscapes());
        }
    }

    /** What a schedule must keep of this, beside {@link #line}. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        if (kind != Kind.SCENARIO) {
            parameters.put(CLASS_PATH, classPath);
            for (int i = 0; i < arguments.size(); i++) {
                parameters.put(ARGUMENT + (i + 1), escaped(arguments.get(i)));
            }
        }
        return parameters;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replaceAll("^\\s|\\s$", "\\\\s");
    }

    /** The line in a schedule that says what is run. */
    String line() {
        return kind.word + " " + name;
    }

    /** A folder name for what is found. */
    String folder() {
        return name.replace('#', '.').replaceAll("[^A-Za-z0-9._$-]", "_");
    }
}

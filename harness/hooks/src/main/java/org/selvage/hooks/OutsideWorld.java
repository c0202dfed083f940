package org.selvage.hooks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a program used of the outside world, which is not controlled: it may differ between
 * executions, and other tasks never run while a task waits for it.
 */
final class OutsideWorld {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private static final List<String> JDK =
            List.of("java.", "javax.", "jdk.", "sun.", "org.selvage.hooks.");

    /** A class file is read, or the configuration of a log manager. */
    private static final List<String> LOADING =
            List.of("jdk.internal.loader.", "java.util.logging.LogManager");

    private static final List<String> HARNESS =
            List.of("org.selvage.scheduler.", "org.selvage.search.", "org.selvage.weaver.");

    /** What may make a waiting task go on without the help of another task. */
    private static final List<String> WAKING =
            List.of("java.lang.Process", "java.lang.ref.", "java.lang.foreign.", "sun.misc.Signal");

    /** The first place of the program that used each. */
    private final Map<String, String> places = new LinkedHashMap<>();

    /** What this execution has opened that others would find in use, or would leave behind. */
    private final List<AutoCloseable> opened = new ArrayList<>(0);

    private String waker = "";

    /** Whether the execution under way has used anything. */
    private boolean isUsed;

    /** Notes a use by the calling task. */
    void use(String name) {
        String place = places.get(name);
        if (place == null) {
            Optional<String> found = WALKER.walk(OutsideWorld::place);
            if (found.isEmpty()) {
                return; // the JDK's own affair
            }
            place = found.get();
            places.put(name, place);
        }
        isUsed = true;
        if (startsWithAny(name, WAKING)) {
            waker = name + " at " + place;
        }
    }

    private static Optional<String> place(Stream<StackWalker.StackFrame> frames) {
        for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
            String type = frame.getClassName();
            if (startsWithAny(type, LOADING) || startsWithAny(type, HARNESS)) {
                return Optional.empty();
            }
            if (!startsWithAny(type, JDK)) {
                return Optional.of(
                        type + "." + frame.getMethodName() + ":" + frame.getLineNumber());
            }
        }
        return Optional.empty();
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    /** What has been used so far, with the place. */
    List<String> used() {
        return places.entrySet().stream()
                .map(entry -> entry.getKey() + " at " + entry.getValue())
                .toList();
    }

    /** Whether this execution has used anything. */
    boolean isUsed() {
        return isUsed;
    }

    /** What may end a wait in this execution, or an empty string. */
    String waker() {
        return waker;
    }

    /**
     * From now on this is open, a socket or a process, until it is closed or the execution ends.
     */
    void opened(AutoCloseable object) {
        opened.add(object);
    }

    /** The execution has ended: nothing that it opened stays behind. */
    void close() {
        for (AutoCloseable object : opened) {
            try {
                object.close();
            } catch (Exception e) {
                System.getLogger(OutsideWorld.class.getName())
                        .log(System.Logger.Level.DEBUG, "it cannot be closed: " + object, e);
            }
        }
        opened.clear();
    }

    /** Ends a process and those that it has started. */
    static void end(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Another execution begins. */
    void begin() {
        waker = "";
        isUsed = false;
    }
}

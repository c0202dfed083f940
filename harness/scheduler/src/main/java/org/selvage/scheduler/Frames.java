package org.selvage.scheduler;

import java.lang.reflect.Proxy;
import java.util.List;

/** Stack frames and classes of the program among those of the JDK and the harness. */
public final class Frames {
    private static final List<String> HARNESS =
            List.of(
                    "org.selvage.hooks.",
                    "org.selvage.scheduler.",
                    "org.selvage.search.",
                    "org.selvage.weaver.",
                    "org.selvage.disk.",
                    "org.selvage.checker.",
                    "org.selvage.junit.",
                    "org.selvage.cli.");

    private Frames() {}

    /** Whether this class belongs to the program, not to the JDK or the harness. */
    public static boolean isProgram(String className) {
        return !className.startsWith("java.")
                && !className.startsWith("jdk.")
                && !className.startsWith("sun.")
                && !isHarness(className);
    }

    /**
     * A class's binary name without what differs from JVM to JVM: the address of a hidden class, as
     * that of a lambda is, and the number of a proxy.
     */
    public static String name(Class<?> type) {
        String name = type.getName();
        if (type.isHidden()) {
            return name.substring(0, name.indexOf('/'));
        }
        return Proxy.isProxyClass(type) ? "$Proxy" : name;
    }

    private static boolean isHarness(String className) {
        for (String prefix : HARNESS) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isShown(StackTraceElement frame) {
        return !isHarness(frame.getClassName())
                && !frame.getClassName().startsWith("jdk.internal.vm.Continuation")
                && !frame.getMethodName().startsWith("selvage$");
    }

    /** The stack without the frames of the harness; frames of the JDK stay. */
    public static List<StackTraceElement> shown(List<StackTraceElement> stack) {
        return stack.stream().filter(Frames::isShown).toList();
    }

    /** The innermost frame of the program as {@code Class.method:line}, or an empty string. */
    public static String innermost(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            if (isProgram(frame.getClassName()) && !frame.getMethodName().startsWith("selvage$")) {
                return place(frame);
            }
        }
        return "";
    }

    /** A frame as {@code Class.method:line}, with the class's simple name. */
    public static String place(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1)
                + "."
                + frame.getMethodName()
                + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
    }
}

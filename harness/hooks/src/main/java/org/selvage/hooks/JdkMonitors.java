package org.selvage.hooks;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Set;
import java.util.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Synchronized methods of the JDK's own classes, such as {@link Vector#add}.
 *
 * <p>The JVM takes the monitor of such a method before any woven code in it runs, and a fiber must
 * never come to a monitor that another one holds: the carrier would block. So the modelled monitor
 * stands beside the JVM's, and the call in the program's code waits for it: {@link #approach}. The
 * method takes it when it is {@link #entered} and gives it back when it returns; the program's own
 * {@code synchronized (vector)} blocks take the same one. A method that calls the program back,
 * such as {@link Vector#forEach}, may then be switched away from.
 *
 * <p>An object that is handed to the JDK, which may or may not call its synchronized methods, is
 * {@link #pass passed}: the task lets the owner of its monitor go first as long as anyone can run.
 */
public final class JdkMonitors {
    /** Which methods of a class, as name and descriptor, are synchronized ones of the JDK. */
    private static final ClassValue<Set<String>> SYNCHRONIZED =
            new ClassValue<>() {
                @Override
                protected Set<String> computeValue(Class<?> type) {
                    return synchronizedMethods(type);
                }
            };

    private JdkMonitors() {}

    /** A method is about to be called on this object from this site. */
    public static void approach(@Nullable Object receiver, String method, int site) {
        if (receiver != null && isMonitored(receiver)) {
            approachMonitored(receiver, receiver.getClass(), method, site);
        }
    }

    /** A method of this superclass is about to be called on an object that may override it. */
    public static void approachSuper(Object receiver, Class<?> type, String method, int site) {
        approachMonitored(receiver, type, method, site);
    }

    /**
     * An object is about to be handed to a method of the JDK.
     *
     * @param kind what the method does to it if it is a concurrent collection
     */
    public static void pass(@Nullable Object argument, OperationKind kind, int site) {
        if (argument != null && isMonitored(argument)) {
            approachMonitored(argument, argument.getClass(), "", site);
        } else {
            Hooks.collectionCall(argument, kind, site);
        }
    }

    private static void approachMonitored(Object object, Class<?> type, String method, int site) {
        Carrier c = Carrier.live();
        if (c == null) {
            return;
        }
        c.live = false;
        try {
            boolean sure = !method.isEmpty() && SYNCHRONIZED.get(type).contains(method);
            Hooks.controller(c).approachMonitor(object, sure, site);
        } finally {
            c.live = true;
        }
    }

    /** A synchronized method of the JDK begins; the JVM's monitor is taken. */
    public static void entered(Object object) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                Hooks.controller(c).enteredMonitor(object);
            } finally {
                c.live = true;
            }
        }
    }

    /** A synchronized method of the JDK is about to return or to throw. */
    public static void leaving(Object object) {
        Carrier c = Carrier.live();
        if (c != null) {
            c.live = false;
            try {
                Hooks.controller(c).leavingMonitor(object);
            } finally {
                c.live = true;
            }
        }
    }

    private static boolean isMonitored(Object object) {
        return object instanceof Vector
                || object instanceof Hashtable
                || object instanceof StringBuffer
                || object instanceof OutputStream
                || object instanceof InputStream;
    }

    private static Set<String> synchronizedMethods(Class<?> type) {
        Set<String> seen = new HashSet<>();
        Set<String> found = new HashSet<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Method method : declared(c)) {
                String key =
                        method.getName()
                                + MethodType.methodType(
                                                method.getReturnType(), method.getParameterTypes())
                                        .descriptorString();
                if (!Modifier.isStatic(method.getModifiers())
                        && seen.add(key)
                        && c.getClassLoader() == null
                        && Modifier.isSynchronized(method.getModifiers())) {
                    found.add(key);
                }
            }
        }
        return found;
    }

    /** None if a type that a method names cannot be loaded: then nothing is sure of this class. */
    private static Method[] declared(Class<?> type) {
        try {
            return type.getDeclaredMethods();
        } catch (LinkageError e) {
            return new Method[0];
        }
    }
}

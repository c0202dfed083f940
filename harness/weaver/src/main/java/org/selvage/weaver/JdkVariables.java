package org.selvage.weaver;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.selvage.hooks.JdkStatics;

/**
 * Static variables of the JDK that a program can set, of which each execution has its own: {@code
 * org.selvage.hooks.JdkStatics}.
 */
final class JdkVariables {
    private static final String HOOKS = "org/selvage/hooks/JdkStatics";
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String SYSTEM = "java/lang/System";
    private static final String LOG_MANAGER = "java/util/logging/LogManager";
    private static final String NET = "java/net/";

    /** How a variable is its execution's own. */
    private enum Kind {
        /** It is set as a whole. */
        SET,
        /** It is null at the beginning of each execution. */
        FRESH,
        /** Its object is made when an execution logs first. */
        LOGGING,
        /** Its object is changed. */
        CHANGED
    }

    /**
     * One variable.
     *
     * @param number its number for the hooks
     * @param changing the methods of its class that change the object or hand it out
     */
    private record Variable(int number, Kind kind, Set<String> changing) {}

    private static final Map<String, Variable> VARIABLES = variables();

    /** Native methods of {@code System} that write the variable of this name. */
    private static final Map<String, String> SETTERS =
            Map.of("setIn0", "in", "setOut0", "out", "setErr0", "err");

    /** Classes of the JDK that print to a standard stream, or read one, for the program. */
    private static final Set<String> USERS_OF_STREAMS =
            Set.of("java/lang/IO", "java/lang/Throwable", "java/util/logging/ConsoleHandler");

    private static final Set<String> CLASSES = classes();

    private JdkVariables() {}

    private static Map<String, Variable> variables() {
        Map<String, Variable> variables = new HashMap<>();
        variables.put(
                LOG_MANAGER + ".manager",
                new Variable(JdkStatics.LOG_MANAGER, Kind.LOGGING, Set.of()));
        variables.put(
                "java/util/logging/Logger.global",
                new Variable(JdkStatics.GLOBAL_LOGGER, Kind.LOGGING, Set.of()));
        for (String name :
                List.of(
                        SYSTEM + ".in",
                        SYSTEM + ".out",
                        SYSTEM + ".err",
                        "java/util/Locale.defaultLocale",
                        "java/util/Locale.defaultDisplayLocale",
                        "java/util/Locale.defaultFormatLocale",
                        "java/util/TimeZone.defaultTimeZone",
                        "sun/security/jca/Providers.providerList",
                        NET + "Authenticator.theAuthenticator",
                        NET + "CookieHandler.cookieHandler",
                        NET + "ProxySelector.theProxySelector",
                        NET + "ResponseCache.theResponseCache",
                        NET + "URL.factory",
                        NET + "URLConnection.factory",
                        NET + "URLConnection.fileNameMap",
                        NET + "Socket.factory",
                        NET + "ServerSocket.factory",
                        "java/sql/DriverManager.logWriter")) {
            add(variables, Kind.SET, name, Set.of());
        }
        add(
                variables,
                Kind.FRESH,
                "java/lang/management/ManagementFactory.platformMBeanServer",
                Set.of());
        changed(
                variables,
                SYSTEM + ".props",
                Set.of("getProperties", "setProperty", "clearProperty"));
        changed(variables, "java/security/Security.props", Set.of("setProperty"));
        changed(variables, NET + "URL.handlers", Set.of("setURLStreamHandlerFactory"));
        changed(
                variables,
                "java/sql/DriverManager.registeredDrivers",
                Set.of("registerDriver", "deregisterDriver"));
        changed(
                variables,
                "javax/management/MBeanServerFactory.mBeanServerList",
                Set.of("addMBeanServer", "removeMBeanServer"));
        return variables;
    }

    private static void changed(
            Map<String, Variable> variables, String name, Set<String> changing) {
        add(variables, Kind.CHANGED, name, changing);
    }

    private static void add(
            Map<String, Variable> variables, Kind kind, String name, Set<String> changing) {
        variables.put(name, new Variable(variables.size(), kind, changing));
    }

    private static Set<String> classes() {
        Set<String> classes = new HashSet<>(USERS_OF_STREAMS);
        VARIABLES.keySet().forEach(name -> classes.add(name.substring(0, name.lastIndexOf('.'))));
        return Set.copyOf(classes);
    }

    /** Whether a class of the JDK has such a variable, or reads one of another class. */
    static boolean isWoven(String internalName) {
        return CLASSES.contains(internalName) || isLogManager(internalName);
    }

    /** Whether this is the manager of {@code java.util.logging}, or a class within it. */
    static boolean isLogManager(String internalName) {
        return internalName.startsWith(LOG_MANAGER);
    }

    /** Whether a class has such a variable that the program can read itself. */
    static boolean isStream(String owner, String field) {
        return owner.equals(SYSTEM) && VARIABLES.containsKey(owner + "." + field);
    }

    /** Follows the reading of a static field. */
    static void afterRead(
            MethodVisitor mv, String method, String owner, String field, String descriptor) {
        Variable variable = VARIABLES.get(owner + "." + field);
        if (variable == null || method.equals("<clinit>")) {
            return;
        }
        String hook =
                switch (variable.kind) {
                    case SET -> "read";
                    case FRESH -> "readFresh";
                    case LOGGING -> "readLogging";
                    case CHANGED -> variable.changing.contains(method) ? "readToChange" : "read";
                };
        call(mv, hook, "(" + OBJECT + "I)" + OBJECT, variable, descriptor);
    }

    /** With the value on the stack: precedes the writing of a static field. */
    static void beforeWrite(
            MethodVisitor mv, String method, String owner, String field, String descriptor) {
        Variable variable = VARIABLES.get(owner + "." + field);
        if (variable != null && !method.equals("<clinit>")) {
            mv.visitFieldInsn(Opcodes.GETSTATIC, owner, field, descriptor);
            call(mv, "written", "(" + OBJECT + OBJECT + "I)" + OBJECT, variable, descriptor);
        }
    }

    /** With the value on the stack: precedes a call that may set a standard stream. */
    static void beforeCall(
            MethodVisitor mv, String caller, String owner, String callee, String descriptor) {
        String field = owner.equals(SYSTEM) ? SETTERS.get(callee) : null;
        if (field != null) {
            Type stream = Type.getArgumentTypes(descriptor)[0];
            beforeWrite(mv, caller, owner, field, stream.getDescriptor());
        }
    }

    private static void call(
            MethodVisitor mv, String hook, String shape, Variable variable, String descriptor) {
        mv.visitLdcInsn(variable.number);
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, shape, false);
        mv.visitTypeInsn(Opcodes.CHECKCAST, Type.getType(descriptor).getInternalName());
    }
}

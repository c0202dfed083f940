package org.selvage.weaver;

import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The outside world: methods whose results and moments the harness does not control. Their use is
 * noted, and named with the result of a search.
 */
final class Uncontrolled {
    /** Methods of the JDK that note when they are entered, whoever of the JDK calls them. */
    private static final Map<String, Set<String>> ENTRIES =
            Map.ofEntries(
                    Map.entry("java/net/Socket", Set.of("connect")),
                    Map.entry("java/net/ServerSocket", Set.of("accept", "bind")),
                    Map.entry("java/net/DatagramSocket", Set.of("send", "receive")),
                    Map.entry("java/net/InetAddress", Set.of("getAllByName", "getLocalHost")),
                    Map.entry("sun/nio/ch/SocketChannelImpl", Set.of("connect", "read", "write")),
                    Map.entry("sun/nio/ch/ServerSocketChannelImpl", Set.of("accept")),
                    Map.entry("sun/nio/ch/DatagramChannelImpl", Set.of("send", "receive")),
                    Map.entry("sun/nio/ch/SelectorImpl", Set.of("select", "selectNow")),
                    Map.entry("java/lang/ProcessBuilder", Set.of("start")),
                    Map.entry("java/io/FileInputStream", Set.of("open")),
                    Map.entry("java/io/FileOutputStream", Set.of("open")),
                    Map.entry("java/io/RandomAccessFile", Set.of("open")),
                    Map.entry(
                            "sun/nio/fs/UnixFileSystemProvider",
                            Set.of(
                                    "newByteChannel",
                                    "newFileChannel",
                                    "newAsynchronousFileChannel",
                                    "newDirectoryStream",
                                    "createDirectory",
                                    "delete",
                                    "deleteIfExists",
                                    "copy",
                                    "move",
                                    "exists",
                                    "readAttributes",
                                    "readAttributesIfExists")),
                    Map.entry(
                            "jdk/internal/foreign/abi/AbstractLinker",
                            Set.of("downcallHandle", "upcallStub")));

    /** Methods that the JDK itself calls all the time: noted where the program calls them. */
    private static final Map<String, Set<String>> CALLS =
            Map.of(
                    "java/lang/ref/ReferenceQueue", Set.of("poll", "remove"),
                    "java/lang/ref/Cleaner", Set.of("create", "register"),
                    "java/lang/ref/WeakReference", Set.of("get", "refersTo"),
                    "java/lang/ref/SoftReference", Set.of("get", "refersTo"),
                    "java/lang/ref/Reference", Set.of("get", "refersTo"),
                    "java/lang/System", Set.of("load", "loadLibrary"),
                    "java/lang/Runtime", Set.of("freeMemory", "totalMemory", "load", "loadLibrary"),
                    "java/lang/ProcessHandle", Set.of("pid", "onExit", "allProcesses"),
                    "sun/misc/Signal", Set.of("handle"));

    /** Methods with which a socket takes a port or a connection. */
    private static final Map<String, String> OPENING =
            Map.of(
                    "java/net/Socket", "connect",
                    "java/net/ServerSocket", "bind",
                    "sun/nio/ch/SocketChannelImpl", "connect",
                    "sun/nio/ch/ServerSocketChannelImpl", "bind",
                    "sun/nio/ch/DatagramChannelImpl", "bind");

    /** What a class inside the JDK is known as to a program. */
    private static final Map<String, String> KNOWN_AS =
            Map.of(
                    "sun/nio/ch/SocketChannelImpl", "java.nio.channels.SocketChannel",
                    "sun/nio/ch/ServerSocketChannelImpl", "java.nio.channels.ServerSocketChannel",
                    "sun/nio/ch/DatagramChannelImpl", "java.nio.channels.DatagramChannel",
                    "sun/nio/ch/SelectorImpl", "java.nio.channels.Selector",
                    "sun/nio/fs/UnixFileSystemProvider", "java.nio.file.Files",
                    "jdk/internal/foreign/abi/AbstractLinker", "java.lang.foreign.Linker");

    private Uncontrolled() {}

    /** Whether a class of the JDK has such methods. */
    static boolean isWoven(String internalName) {
        return ENTRIES.containsKey(internalName);
    }

    /** Emits the note at the beginning of a method of the JDK, if it is one of these. */
    static void enter(MethodVisitor mv, String owner, String name) {
        if (ENTRIES.getOrDefault(owner, Set.of()).contains(name)) {
            note(mv, owner, name);
        }
        if (name.equals(OPENING.get(owner))) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            JdkReplacements.call(mv, "opened", "(Ljava/lang/AutoCloseable;)V");
        }
    }

    /** Emits the note before a call by the program, if it is one of these. */
    static void call(MethodVisitor mv, String owner, String name) {
        if (CALLS.getOrDefault(owner, Set.of()).contains(name)) {
            note(mv, owner, name);
        }
    }

    private static void note(MethodVisitor mv, String owner, String name) {
        String known = KNOWN_AS.getOrDefault(owner, owner.replace('/', '.'));
        mv.visitLdcInsn(known + "." + name);
        JdkReplacements.call(mv, "uncontrolled", "(Ljava/lang/String;)V");
    }
}

package org.selvage.hooks;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import jdk.internal.misc.Unsafe;

/**
 * Keeps the stack traces of exceptions that no statement throws, such as {@link
 * NullPointerException} and {@link ArrayIndexOutOfBoundsException}.
 *
 * <p>Where the JVM has seen many of them, it compiles code that throws one that was made before,
 * without stack trace and message (GraphKit::builtin_throw). Then a failure would lose its place
 * after some thousand executions, and a replay would not end as the search did. The option
 * OmitStackTraceInFastThrow prevents that; it cannot be set in a running JVM but by its address,
 * which the JVM tells the tools that inspect it (gHotSpotVMStructs of vmStructs.hpp).
 */
public final class StackTraces {
    private static final String OPTION = "OmitStackTraceInFastThrow";
    private static final String STRUCTS = "gHotSpotVMStruct";
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private StackTraces() {}

    /**
     * Has the JVM keep them in code that it compiles from now on; a JVM that does not tell where
     * its options are goes on as before.
     */
    public static void keep() throws ReflectiveOperationException {
        long option = find();
        if (option != 0L) {
            UNSAFE.putByte(option, (byte) 0);
        }
    }

    /** The address of the option's value, or 0. */
    private static long find() throws ReflectiveOperationException {
        long flags = fieldOf("flags", "Address");
        long count = fieldOf("numFlags", "Address");
        long name = fieldOf("_name", "Offset");
        long value = fieldOf("_addr", "Offset");
        long size = size();
        if (flags <= 0L || count <= 0L || name < 0L || value < 0L || size <= 0L) {
            return 0L;
        }
        long first = UNSAFE.getAddress(flags);
        for (long i = 0; i < UNSAFE.getLong(count); i++) {
            long flag = first + i * size;
            if (OPTION.equals(text(UNSAFE.getAddress(flag + name)))) {
                return UNSAFE.getAddress(flag + value);
            }
        }
        return 0L;
    }

    /**
     * What the JVM says of a field of its class JVMFlag: the offset or the address; -1 if nothing.
     */
    private static long fieldOf(String field, String what) throws ReflectiveOperationException {
        long entry = entries(STRUCTS + "s");
        if (entry == 0L) {
            return -1L;
        }
        long type = number(STRUCTS + "EntryTypeNameOffset");
        long name = number(STRUCTS + "EntryFieldNameOffset");
        long wanted = number(STRUCTS + "Entry" + what + "Offset");
        long stride = number(STRUCTS + "EntryArrayStride");
        for (; UNSAFE.getAddress(entry + type) != 0L; entry += stride) {
            if ("JVMFlag".equals(text(UNSAFE.getAddress(entry + type)))
                    && field.equals(text(UNSAFE.getAddress(entry + name)))) {
                return UNSAFE.getLong(entry + wanted);
            }
        }
        return -1L;
    }

    /** The size of the JVM's class JVMFlag, in bytes; 0 if it does not say. */
    private static long size() throws ReflectiveOperationException {
        long entry = entries("gHotSpotVMTypes");
        if (entry == 0L) {
            return 0L;
        }
        long name = number("gHotSpotVMTypeEntryTypeNameOffset");
        long size = number("gHotSpotVMTypeEntrySizeOffset");
        long stride = number("gHotSpotVMTypeEntryArrayStride");
        for (; UNSAFE.getAddress(entry + name) != 0L; entry += stride) {
            if ("JVMFlag".equals(text(UNSAFE.getAddress(entry + name)))) {
                return UNSAFE.getLong(entry + size);
            }
        }
        return 0L;
    }

    private static long entries(String symbol) throws ReflectiveOperationException {
        long address = address(symbol);
        return address == 0L ? 0L : UNSAFE.getAddress(address);
    }

    private static long number(String symbol) throws ReflectiveOperationException {
        return UNSAFE.getLong(address(symbol));
    }

    /** Where libjvm has a symbol; 0 if it has none. */
    private static long address(String symbol) throws ReflectiveOperationException {
        Method find =
                ClassLoader.class.getDeclaredMethod(
                        "findNative", ClassLoader.class, Class.class, String.class, String.class);
        find.setAccessible(true);
        return (long) find.invoke(null, null, null, symbol, symbol);
    }

    private static String text(long address) {
        if (address == 0L) {
            return "";
        }
        int length = 0;
        while (UNSAFE.getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        UNSAFE.copyMemory(null, address, bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET, length);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}

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
    private static final String TYPE = "JVMFlag";
    private static final String STRUCTS = "gHotSpotVMStruct";
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final Method findNative;

    /** Addresses of static fields of JVMFlag, and offsets of others; -1 if the JVM tells none. */
    private long flags = -1L;

    private long count = -1L;
    private long name = -1L;
    private long value = -1L;

    private StackTraces() throws ReflectiveOperationException {
        findNative =
                ClassLoader.class.getDeclaredMethod(
                        "findNative", ClassLoader.class, Class.class, String.class, String.class);
        findNative.setAccessible(true);
    }

    /**
     * Has the JVM keep them in code that it compiles from now on; a JVM that does not tell where
     * its options are goes on as before.
     */
    public static void keep() throws ReflectiveOperationException {
        long option = new StackTraces().find();
        if (option != 0L) {
            UNSAFE.putByte(option, (byte) 0);
        }
    }

    /** The address of the option's value, or 0. */
    private long find() throws ReflectiveOperationException {
        readFields();
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

    /** Reads what the JVM says of the fields of its class JVMFlag. */
    private void readFields() throws ReflectiveOperationException {
        long entry = entries(STRUCTS + "s");
        if (entry == 0L) {
            return;
        }
        long type = number(STRUCTS + "EntryTypeNameOffset");
        long field = number(STRUCTS + "EntryFieldNameOffset");
        long address = number(STRUCTS + "EntryAddressOffset");
        long offset = number(STRUCTS + "EntryOffsetOffset");
        long stride = number(STRUCTS + "EntryArrayStride");
        for (; UNSAFE.getAddress(entry + type) != 0L; entry += stride) {
            if (!TYPE.equals(text(UNSAFE.getAddress(entry + type)))) {
                continue;
            }
            switch (text(UNSAFE.getAddress(entry + field))) {
                case "flags" -> flags = UNSAFE.getAddress(entry + address);
                case "numFlags" -> count = UNSAFE.getAddress(entry + address);
                case "_name" -> name = UNSAFE.getLong(entry + offset);
                case "_addr" -> value = UNSAFE.getLong(entry + offset);
                default -> {}
            }
        }
    }

    /** The size of the JVM's class JVMFlag, in bytes; 0 if it does not say. */
    private long size() throws ReflectiveOperationException {
        long entry = entries("gHotSpotVMTypes");
        if (entry == 0L) {
            return 0L;
        }
        long type = number("gHotSpotVMTypeEntryTypeNameOffset");
        long size = number("gHotSpotVMTypeEntrySizeOffset");
        long stride = number("gHotSpotVMTypeEntryArrayStride");
        for (; UNSAFE.getAddress(entry + type) != 0L; entry += stride) {
            if (TYPE.equals(text(UNSAFE.getAddress(entry + type)))) {
                return UNSAFE.getLong(entry + size);
            }
        }
        return 0L;
    }

    private long entries(String symbol) throws ReflectiveOperationException {
        long address = address(symbol);
        return address == 0L ? 0L : UNSAFE.getAddress(address);
    }

    private long number(String symbol) throws ReflectiveOperationException {
        return UNSAFE.getLong(address(symbol));
    }

    /** Where libjvm has a symbol; 0 if it has none. */
    private long address(String symbol) throws ReflectiveOperationException {
        return (long) findNative.invoke(null, null, null, symbol, symbol);
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

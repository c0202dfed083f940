package org.selvage.search;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicTest {
    @ParameterizedTest
    @CsvSource({
        "atomicInteger, 20",
        "atomicLong, 20",
        "atomicBoolean, 1 true",
        "atomicReference, 4",
        "atomicIntegerArray, 2 4",
        "atomicLongArray, 2 4",
        "atomicReferenceArray, xx",
        "integerFieldUpdater, 2",
        "longFieldUpdater, 10",
        "referenceFieldUpdater, xx",
        "markableReference, 1 true",
        "stampedReference, 2",
        "longAdder, 6",
        "doubleAdder, 1.0",
        "longAccumulator, 4",
        "doubleAccumulator, 0.5",
        "varHandle, 6",
        "methodReferences, 2",
        "lockReferences, 2"
    })
    void oneStepIsNeverTornApart(String program, String outcome) throws Exception {
        Explorer.passes("Atomics." + program, outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AtomicInteger",
                "AtomicLong",
                "AtomicReference",
                "AtomicIntegerArray",
                "VolatileInt",
                "VolatileLong",
                "VolatileReference",
                "FieldUpdater",
                "VarHandle",
                "MethodReference",
                "LongAdder"
            })
    void twoStepsMayBeTornApart(String variable) throws Exception {
        Explorer.passes("Atomics.lost" + variable, "1", "2");
    }

    @Test
    void aVolatileWritePublishes() throws Exception {
        Explorer.passes("Atomics.publication", "true1", "false1");
    }
}

package org.selvage.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Accesses through {@code sun.misc.Unsafe}. The program is compiled here, as this build takes the
 * compiler's warning of that class for an error.
 */
class UnsafeTest {
    private static final String PROGRAM =
            """
            public class Counter {
                static final int ints = sun.misc.Unsafe.ARRAY_INT_BASE_OFFSET;

                int value;
                int[] array = new int[1];

                public void counts() throws Exception {
                    var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
                    field.setAccessible(true);
                    sun.misc.Unsafe unsafe = (sun.misc.Unsafe) field.get(null);
                    long at = unsafe.objectFieldOffset(Counter.class.getDeclaredField("value"));
                    Runnable increment = () -> {
                        int seen;
                        UPDATE
                    };
                    Thread a = new Thread(increment);
                    Thread b = new Thread(increment);
                    a.start();
                    b.start();
                    a.join();
                    b.join();
                    if (unsafe.getInt(this, at) != 2) throw new AssertionError("lost");
                }
            }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unsafe.putIntVolatile(this, at, unsafe.getIntVolatile(this, at) + 1); | true",
                "unsafe.putInt(this, at, unsafe.getInt(this, at) + 1); | true",
                "unsafe.putOrderedInt(this, at, unsafe.getInt(this, at) + 1); | true",
                "unsafe.putInt(this, at, value + 1); | true",
                "value = unsafe.getIntVolatile(this, at) + 1; | true",
                "int i = ints; unsafe.putInt(array, i, array[0] + 1); value = array[0]; | true",
                "unsafe.getAndSetInt(this, at, unsafe.getInt(this, at) + 1); | true",
                "unsafe.getAndAddInt(this, at, 1); | false",
                "if (unsafe.getAndAddInt(array, ints, 1) == 1) { value = 2; } | false",
                "do { seen = unsafe.getIntVolatile(this, at); }"
                        + " while (!unsafe.compareAndSwapInt(this, at, seen, seen + 1)); | false"
            })
    void updatesAreLostOrNot(String update, boolean lost, @TempDir Path folder) throws Exception {
        Path source = folder.resolve("Counter.java");
        Files.writeString(source, PROGRAM.replace("UPDATE", update));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-XDignore.symbol.file", "-nowarn", "" + source);
        assertThat(status).isZero();
        Suite.with(
                Suite.entry(folder, "Counter.counts"),
                subject -> {
                    Search.Result result = Suite.search(subject, "optimal", 1L, 10_000L);
                    assertThat(result.failure() != null).isEqualTo(lost);
                    assertThat(result.proven()).isEqualTo(lost ? null : "all traces");
                });
    }
}

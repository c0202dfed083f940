package org.selvage.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.selvage.disk.SimulatedDisk;
import org.selvage.engine.Engine;
import org.selvage.engine.EngineException;
import org.selvage.scenarios.DdlCrashTest.Ddl;

/**
 * A data definition statement of which the disk refuses any one operation, or every change from
 * then on, ends in a typed error or as if nothing was refused. When the engine opens the folder
 * again, the statement has happened or has not.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DdlDiskErrorTest {
    @ParameterizedTest
    @EnumSource(Ddl.class)
    void aRefusedOperationIsATypedErrorAndLeavesNothingHalf(Ddl ddl) {
        int errors = RefusingDisk.refuseEach(ddl, disk -> isRefused(ddl, disk));
        assertThat(errors).isGreaterThan(10);
    }

    /** Runs the statement on such a disk and opens what it left; whether there was an error. */
    private static boolean isRefused(Ddl ddl, RefusingDisk listener) {
        SimulatedDisk disk = new SimulatedDisk(DdlCrashTest.prepared(ddl), listener, true);
        EngineException refused = null;
        EngineException refusedClose = null;
        String live = null;
        try (Engine engine = Engine.open(disk.path("/data"), DdlCrashTest.config())) {
            listener.begin();
            try {
                ddl.on(engine, disk.path("/exports"));
            } catch (EngineException e) {
                refused = e;
            } finally {
                listener.end();
            }
            live = tablesOf(engine);
        } catch (EngineException e) {
            refusedClose = e;
        }
        requireOneLine(refused);
        requireOneLine(refusedClose);
        String found = DdlCrashTest.recovered(disk.image());
        if (refused == null) {
            assertThat(found).as("after the statement").isEqualTo(ddl.after);
        } else {
            assertThat(found).as("after %s", refused).isIn(ddl.before, ddl.after);
        }
        if (live != null) {
            assertThat(found).as("found again after %s", refused).isEqualTo(live);
        }
        return refused != null;
    }

    /** What the engine still answers after the statement; null when it refuses to. */
    private static @Nullable String tablesOf(Engine engine) {
        try {
            engine.validate();
            return DdlCrashTest.tables(engine);
        } catch (EngineException e) {
            requireOneLine(e);
            return null;
        }
    }

    private static void requireOneLine(@Nullable EngineException error) {
        if (error != null) {
            assertThat(error).hasMessageContaining("file=").hasMessageNotContaining("\n");
        }
    }
}

package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.selvage.engine.TablespaceMissingException;
import org.selvage.engine.sync.LatchOrder;

/**
 * The registry of tablespaces with its pending counters is linearizable: Lincheck explores
 * interleavings of generated calls and looks for a sequential order that explains the answers. Runs
 * in a JVM of its own, as Lincheck instruments what it loads.
 */
final class SpaceRegistryLincheckTest {
    private static final int SPACES = 2;

    @Test
    void theRegistryIsLinearizable() {
        options().check(RegistryCalls.class);
    }

    /**
     * The same calls on a registry whose look-up and count are two steps: Lincheck has to find
     * that.
     */
    @Test
    void lincheckFindsTheDefectOfBug14594600() {
        assertThatThrownBy(() -> options().check(TornRegistryCalls.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("acquire");
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(Integer.getInteger("selvage.lincheck.iterations", 20))
                .invocationsPerIteration(Integer.getInteger("selvage.lincheck.invocations", 500))
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1);
    }

    private static FilSpace space(int id) {
        return new FilSpace(id, "t" + id, new FilNode(Path.of("t" + id + ".ibd"), true));
    }

    /** Calls on the real registry. */
    @Param(name = "id", gen = IntGen.class, conf = "1:2")
    public static final class RegistryCalls {
        private final SpaceRegistry registry = new SpaceRegistry(LatchOrder.OFF);

        /** Two tablespaces. */
        public RegistryCalls() {
            for (int id = 1; id <= SPACES; id++) {
                registry.add(space(id));
            }
        }

        /** The merge begins. */
        @Operation
        public boolean acquire(@Param(name = "id") int id) {
            return registry.acquire(id) != null;
        }

        /** The drop begins; false when another came first. */
        @Operation
        public boolean stop(@Param(name = "id") int id) {
            try {
                registry.stop(id, space -> space.pendingOperations().stop());
                return true;
            } catch (TablespaceMissingException e) {
                return false;
            }
        }

        /** What the drop waits for. */
        @Operation
        public int pending(@Param(name = "id") int id) {
            FilSpace space = registry.lookup(id);
            return space == null ? -1 : registry.pendingOperations(space);
        }

        /** The drop ends when no operation is in progress. */
        @Operation
        public boolean remove(@Param(name = "id") int id) {
            registry.mutex().lock();
            try {
                FilSpace space = registry.get(id);
                if (space == null
                        || !space.pendingOperations().isStopping()
                        || space.pendingOperations().count() > 0) {
                    return false;
                }
                registry.remove(space);
                return true;
            } finally {
                registry.mutex().unlock();
            }
        }
    }

    /**
     * Calls on a registry with the defect: the stop flag is looked at before the operation is
     * counted.
     */
    @Param(name = "id", gen = IntGen.class, conf = "1:1")
    public static final class TornRegistryCalls {
        private volatile boolean stopping;
        private volatile int pending;

        /** The merge begins. */
        @Operation
        public boolean acquire(@Param(name = "id") int id) {
            if (stopping) {
                return false;
            }
            synchronized (this) {
                pending++;
            }
            return true;
        }

        /** The drop stops new operations and asks whether any is in progress. */
        @Operation
        public int stopAndCount() {
            stopping = true;
            return pending;
        }
    }
}

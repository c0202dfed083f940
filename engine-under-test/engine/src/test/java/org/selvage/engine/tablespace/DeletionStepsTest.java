package org.selvage.engine.tablespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.selvage.engine.LowerFloor;
import org.selvage.engine.ValidationException;
import org.selvage.engine.page.PageId;

/** The steps of deleting a tablespace refuse to be taken too early. */
class DeletionStepsTest {
    /** A log in which a deletion has its LSN and is not durable. */
    private static final FileLog WRITTEN_ONLY =
            new FileLog() {
                @Override
                public long deleting(int spaceId, String name) {
                    return 9000;
                }

                @Override
                public long durableLsn() {
                    return 8999;
                }
            };

    @TempDir Path dir;
    private LowerFloor floor;
    private FilSpace space;

    @BeforeEach
    void open() {
        floor = LowerFloor.open(dir);
        space = floor.createSpace("t1", 1);
    }

    @AfterEach
    void close() {
        floor.abandon();
    }

    private static void assertRefused(ThrowingCallable step, String rule, String evidence) {
        assertThatThrownBy(step)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(evidence);
    }

    @Test
    void nothingIsGivenUpBeforeTheDeletionIsLogged() {
        TablespaceDeletion deletion = new TablespaceDeletion(floor.fil, floor.pool, FileLog.NONE);
        String rule = "a tablespace's deletion is not durable before the step that relies on it";
        assertRefused(() -> deletion.unlink(space), rule, "step=unlink space=1 deletion_lsn=0");
        assertRefused(() -> deletion.stopWrites(space), rule, "step=stop_writes");
        assertRefused(() -> deletion.markDeleted(space), rule, "step=mark_deleted");
        assertThat(Files.exists(dir.resolve("t1.ibd"))).isTrue();
        assertThat(space.references().isSet(SpaceReferences.STOPPING_WRITES)).isFalse();
    }

    @Test
    void nothingIsGivenUpBeforeTheDeletionIsDurable() {
        TablespaceDeletion deletion = new TablespaceDeletion(floor.fil, floor.pool, WRITTEN_ONLY);
        deletion.logDeletion(space);
        assertRefused(
                () -> deletion.unlink(space),
                "a tablespace's deletion is not durable",
                "deletion_lsn=9000 durable_lsn=8999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "reference", "io", "fsync"})
    void noSpaceIsGivenUpThatIsInUse(String use) {
        switch (use) {
            case "operation" -> space.pendingOperations().acquire();
            case "reference" -> space.references().acquire(SpaceReferences.STOPPING_READS);
            case "io" -> space.node().pending++;
            default -> space.pendingFlushes++;
        }
        assertRefused(
                () -> floor.fil.forget(space.id()),
                "a tablespace is given up while it is in use",
                "=1");
        assertThat(floor.fil.lookup(space.id())).isSameAs(space);
    }

    @Test
    void nobodyMakesAPageOfAQuietSpaceDirty() {
        floor.pool.flushAll();
        PageId page = new PageId(space.id(), 2);
        floor.pool.becomeQuiet(space.id());
        assertRefused(
                () -> floor.putLong(page, 1),
                "a page of a tablespace that is being deleted is changed",
                "page=" + page);
        assertThat(floor.pool.stats().dirtyPages()).isZero();
        floor.pool.gone(space.id());
        floor.putLong(page, 1);
        assertThat(floor.pool.stats().dirtyPages()).isOne();
    }

    @ParameterizedTest
    @MethodSource("org.selvage.engine.Engines#protocols")
    void everyProtocolTellsThePoolThatTheSpaceIsQuiet(String protocol) {
        StringBuilder told = new StringBuilder();
        TablespaceSweep sweep =
                new TablespaceSweep() {
                    @Override
                    public void removeDirtyPages(int spaceId) {
                        floor.pool.removeDirtyPages(spaceId);
                    }

                    @Override
                    public void becomeQuiet(int spaceId) {
                        assertThat(floor.fil.lookup(spaceId)).isSameAs(space);
                        told.append("quiet ");
                    }

                    @Override
                    public void gone(int spaceId) {
                        assertThat(floor.fil.lookup(spaceId)).isNull();
                        told.append("gone");
                    }

                    @Override
                    public void removeAllPages(int spaceId) {
                        throw new AssertionError("not in a drop");
                    }

                    @Override
                    public void writeDirtyPages(int spaceId) {
                        throw new AssertionError("not in a drop");
                    }
                };
        DeleteProtocol.named(protocol, floor.fil, sweep, FileLog.NONE).deleteTablespace(space.id());
        assertThat(told).hasToString("quiet gone");
    }
}

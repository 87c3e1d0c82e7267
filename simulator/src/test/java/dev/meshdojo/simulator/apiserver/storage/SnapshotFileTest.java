package dev.meshdojo.simulator.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SnapshotFileTest {

    private static final int OBJECTS = 2_000;

    @TempDir Path folder;

    @Test
    void holds_objects_versions_and_attributes() throws Exception {
        Path file = folder.resolve("state");
        Snapshot saved = snapshot(7, 3);

        SnapshotFile.save(saved, file);

        Snapshot loaded = SnapshotFile.load(file);
        assertThat(loaded.attributes()).isEqualTo(Map.of("round", "7"));
        assertThat(loaded.image().revision()).isEqualTo(saved.image().revision());
        ResourceStore store = new ResourceStore(loaded.image(), 16);
        assertThat(store.find("configmaps", "default/m1"))
                .isEqualTo(configMaps(saved).get("default/m1"));
        assertThat(store.revision()).isEqualTo(saved.image().revision());
        assertThat(store.follow("configmaps", store.revision() - 1))
                .as("changes before the snapshot are not known")
                .isNull();
    }

    @Test
    void is_readable_by_its_owner_alone() throws Exception {
        Path file = folder.resolve("state");

        SnapshotFile.save(snapshot(1, 1), file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void says_which_folder_is_missing() {
        assertThatThrownBy(() -> SnapshotFile.save(snapshot(1, 1), folder.resolve("none/state")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("create it first");
    }

    @ParameterizedTest(name = "a byte changed at {0} of the length")
    @ValueSource(doubles = {0.3, 0.5, 0.99})
    void notices_a_changed_byte(double at) throws Exception {
        byte[] bytes = SnapshotFormat.encode(snapshot(1, 50));
        bytes[(int) (bytes.length * at)] ^= 1;

        assertThatThrownBy(() -> SnapshotFormat.decode(bytes, "state"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("state is damaged: its SHA-256 is");
    }

    @Test
    void notices_every_cut() {
        byte[] bytes = SnapshotFormat.encode(snapshot(1, 5));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> SnapshotFormat.decode(cut, "state"))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageStartingWith("state is ");
        }
    }

    @Test
    void refuses_what_a_newer_version_wrote() {
        byte[] bytes =
                "meshdojo-snapshot 2\nsha256 0\nbytes 0\n\n".getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> SnapshotFormat.decode(bytes, "state"))
                .hasMessageContaining("saved by a newer meshdojo (snapshot version 2;");
    }

    @Test
    void refuses_other_files() {
        assertThatThrownBy(
                        () ->
                                SnapshotFormat.decode(
                                        "apiVersion: v1"
                                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        "pod.yaml"))
                .hasMessageContaining("pod.yaml is no snapshot of a meshdojo cluster");
    }

    @Test
    void is_whole_whenever_the_saving_process_is_killed() throws Exception {
        Path file = folder.resolve("state");
        SnapshotFile.save(snapshot(0, OBJECTS), file);
        Random random = new Random(1);
        int newest = 0;
        for (int kill = 0; kill < 4; kill++) {
            Process saver = saver(file);
            try (InputStream signals = saver.getInputStream()) {
                int saves = 1 + random.nextInt(4);
                for (int i = 0; i < saves; i++) {
                    assertThat(signals.read()).as("the child saves").isEqualTo('.');
                }
                boolean ended = saver.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS);
                assertThat(ended).as("the child ended by itself").isFalse();
                saver.destroyForcibly().waitFor();
            } finally {
                saver.destroyForcibly();
            }
            Snapshot left = SnapshotFile.load(file);
            newest = Math.max(newest, Integer.parseInt(left.attributes().get("round")));
            assertThat(configMaps(left).size()).isEqualTo(OBJECTS);
        }
        assertThat(newest).as("rounds that were saved").isPositive();

        SnapshotFile.save(snapshot(1, 1), file);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("drafts of killed processes are removed").containsExactly(file);
        }
    }

    private static PersistentMap<ObjectNode> configMaps(Snapshot snapshot) {
        return Objects.requireNonNull(snapshot.image().buckets().get("configmaps"));
    }

    private static Process saver(Path file) throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Saver.class.getName(),
                                file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Saves without end; tells of each save. */
    static final class Saver {

        private Saver() {}

        public static void main(String[] args) throws IOException {
            for (int round = 1; ; round++) {
                SnapshotFile.save(snapshot(round, OBJECTS), Path.of(args[0]));
                System.out.write('.');
                System.out.flush();
            }
        }
    }

    private static Snapshot snapshot(int round, int objects) {
        ResourceStore store = new ResourceStore(100, 16);
        for (int i = 0; i < objects; i++) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.putObject("metadata").put("name", "m" + i);
            object.putObject("data").put("round", round);
            store.put("configmaps", "default/m" + i, null, object);
        }
        return new Snapshot(store.image(), Map.of("round", Integer.toString(round)));
    }
}

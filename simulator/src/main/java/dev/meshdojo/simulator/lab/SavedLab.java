package dev.meshdojo.simulator.lab;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotException;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.lab.LabResult.StepResult;
import dev.meshdojo.simulator.shell.SavedShell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lab to go on with: the cluster's state, the shell's, and what was done. One file, which is also
 * a cluster's snapshot. Immutable.
 *
 * @param cluster the cluster's state
 * @param shell the shell's state
 * @param progress how far the lab was
 */
public record SavedLab(Snapshot cluster, SavedShell shell, Progress progress) {

    private static final String SHELL = "lab.shell";
    private static final String PROGRESS = "lab.progress";
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(
                            new SimpleModule()
                                    .addSerializer(Duration.class, new NanosWriter())
                                    .addDeserializer(Duration.class, new NanosReader()));

    /**
     * How far a lab is.
     *
     * @param lab the lab's name
     * @param loadBalancer who answers for load balancers
     * @param steps what became of each step so far, in order
     */
    public record Progress(String lab, LoadBalancer loadBalancer, List<StepResult> steps) {
        public Progress {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Keeps a running lab.
     *
     * @throws IOException when the file cannot be written
     */
    static void save(Cluster.Checkpoint cluster, SavedShell shell, Progress progress, Path file)
            throws IOException {
        cluster.save(
                file,
                Map.of(
                        SHELL,
                        JSON.writeValueAsString(shell),
                        PROGRESS,
                        JSON.writeValueAsString(progress)));
    }

    /**
     * Reads a file.
     *
     * @throws SnapshotException when it is none, damaged, of a newer version, or holds no lab; the
     *     message says what to do
     * @throws IOException when it cannot be read
     */
    public static SavedLab load(Path file) throws IOException {
        Snapshot cluster = SnapshotFile.load(file);
        String shell = cluster.attributes().get(SHELL);
        String progress = cluster.attributes().get(PROGRESS);
        if (shell == null || progress == null) {
            throw new SnapshotException(
                    file
                            + " holds a cluster but no lab; go on with it by: meshdojo cluster up"
                            + " --restore "
                            + file);
        }
        try {
            return new SavedLab(
                    cluster,
                    JSON.readValue(shell, SavedShell.class),
                    JSON.readValue(progress, Progress.class));
        } catch (JsonProcessingException e) {
            throw new SnapshotException(
                    file + " holds a lab that cannot be read: " + e.getOriginalMessage());
        }
    }

    /**
     * Why a lab cannot go on from here; null when it can. The steps that are done have to be its
     * first ones.
     */
    public @Nullable String mismatch(Lab lab) {
        if (!progress.lab().equals(lab.name())) {
            return "it is of lab " + progress.lab() + ", not " + lab.name();
        }
        Stream<String> first =
                lab.steps().stream().map(Lab.Step::id).limit(progress.steps().size());
        return first.toList().equals(progress.steps().stream().map(StepResult::id).toList())
                ? null
                : "the lab's steps have changed since; start it anew";
    }

    private static final class NanosWriter extends StdSerializer<Duration> {
        private static final long serialVersionUID = 1L;

        NanosWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeNumber(value.toNanos());
        }
    }

    private static final class NanosReader extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        NanosReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return Duration.ofNanos(parser.getLongValue());
        }
    }
}

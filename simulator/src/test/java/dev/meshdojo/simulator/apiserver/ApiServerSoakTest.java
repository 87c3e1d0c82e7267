package dev.meshdojo.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ApiServerSoakTest {

    private static final int WATCHERS = 20;
    private static final int WRITERS = 4;
    private static final int WRITES = 500;
    private static final String MARK = "the-end";

    @TempDir Path folder;

    @Test
    void every_watcher_ends_with_the_exact_state_of_the_store() throws Exception {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ResourceApi api = server.api("soak");
            String from = api.resourceVersion();
            List<Future<Map<String, String>>> watchers = new ArrayList<>();
            for (int i = 0; i < WATCHERS; i++) {
                watchers.add(threads.submit(() -> follow(api, from)));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int seed = i;
                writers.add(threads.submit(() -> write(api, new Random(seed))));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            api.create(configMap(MARK, 0));
            Map<String, String> state = new TreeMap<>();
            api.list("", "configmaps", "default", "").items().forEach(object -> put(state, object));
            for (Future<Map<String, String>> watcher : watchers) {
                assertThat(watcher.get()).isEqualTo(state);
            }
        }
    }

    @Test
    void saves_and_restores_all_objects() throws Exception {
        Path file = folder.resolve("cluster.snapshot");
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults())) {
            server.api().create(configMap("kept", 1));
            SnapshotFile.save(server.snapshot(), file);
            server.api().create(configMap("later", 1));
            server.restore(SnapshotFile.load(file));
            assertThat(names(server.api())).containsExactly("kept");
        }
        try (ApiServer server =
                ApiServer.start(
                        ApiServerOptions.defaults().withSnapshot(SnapshotFile.load(file)))) {
            assertThat(names(server.api())).containsExactly("kept");
            assertThat(folder).isDirectoryNotContaining("glob:**.draft");
        }
    }

    private static List<String> names(ResourceApi api) {
        return api.list("", "configmaps", "default", "").items().stream()
                .map(object -> object.path("metadata").path("name").asText())
                .toList();
    }

    private static Map<String, String> follow(ResourceApi api, String from)
            throws InterruptedException {
        Map<String, String> state = new TreeMap<>();
        try (ResourceApi.EventStream events = api.watch("", "configmaps", "default", from)) {
            while (!state.containsKey(MARK)) {
                ResourceApi.Event event = events.next();
                if (event == null) {
                    return state;
                }
                switch (event.type()) {
                    case ADDED, MODIFIED -> put(state, event.object());
                    case DELETED ->
                            state.remove(event.object().path("metadata").path("name").asText());
                }
            }
        }
        return state;
    }

    private static void put(Map<String, String> state, ObjectNode object) {
        state.put(object.path("metadata").path("name").asText(), object.toString());
    }

    private static void write(ResourceApi api, Random random) {
        for (int i = 0; i < WRITES; i++) {
            String name = "m" + random.nextInt(20);
            int value = i;
            ResourceKey key = new ResourceKey("", "configmaps", "default", name);
            if (random.nextInt(4) == 0) {
                api.delete(key);
                continue;
            }
            ObjectNode edited =
                    api.edit(
                            key,
                            object -> {
                                if (object != null) {
                                    object.withObject("/data").put("k", Integer.toString(value));
                                }
                                return object;
                            });
            if (edited == null) {
                try {
                    api.create(configMap(name, value));
                } catch (ApiException e) {
                    assertThat(e.reason()).isEqualTo("AlreadyExists");
                }
            }
        }
    }

    private static ObjectNode configMap(String name, int value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        object.putObject("metadata").put("name", name).put("namespace", "default");
        object.putObject("data").put("k", Integer.toString(value));
        return object;
    }
}

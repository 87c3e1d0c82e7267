package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.TableRenderer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders the tables of all kinds as kube-apiserver 1.35 does: built-in kinds by their printers,
 * custom kinds by the columns of their CustomResourceDefinition, everything else by name and time
 * of creation. Thread-safe.
 */
public final class KubernetesTables implements TableRenderer {

    private static final Map<String, KindTable> BUILT_IN = builtIn();

    /** For kinds without a printer, such as roles and custom resource definitions. */
    private static final KindTable PLAIN =
            KindTable.of(
                    (object, ages) ->
                            Arrays.asList(
                                    Texts.name(object),
                                    Texts.text(object, "metadata", "creationTimestamp")),
                    Column.NAME,
                    new Column("Created At", "date", "", "When the object was created.", 0));

    private static final Map<String, String> COMPLETED =
            Map.of(
                    "Succeeded", "The pod has completed successfully.",
                    "Failed", "The pod failed.");

    private final ResourceApi api;
    private final Ages ages;

    /**
     * @param api where custom resource definitions are read
     * @param clock what ages count from
     */
    public KubernetesTables(ResourceApi api, InstantSource clock) {
        this.api = api;
        this.ages = new Ages(clock);
    }

    @Override
    public ArrayNode columns(ResourceType type) {
        ArrayNode columns = JsonNodeFactory.instance.arrayNode();
        table(type).columns().forEach(column -> columns.add(column.toJson()));
        return columns;
    }

    @Override
    public List<ObjectNode> rows(ResourceType type, List<ObjectNode> objects) {
        KindTable table = table(type);
        boolean pods = type.group().isEmpty() && type.kind().equals("Pod");
        List<ObjectNode> rows = new ArrayList<>(objects.size());
        for (ObjectNode object : objects) {
            ObjectNode row = JsonNodeFactory.instance.objectNode();
            ArrayNode cells = row.putArray("cells");
            table.cells().of(object, ages).forEach(cell -> add(cells, cell));
            if (pods) {
                addCompletion(row, Texts.text(object, "status", "phase"));
            }
            rows.add(row);
        }
        return rows;
    }

    private KindTable table(ResourceType type) {
        String name = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        KindTable builtIn = BUILT_IN.get(name);
        if (builtIn != null) {
            return builtIn;
        }
        ObjectNode definition =
                api.find(
                        new ResourceKey(
                                "apiextensions.k8s.io",
                                "customresourcedefinitions",
                                "",
                                type.plural() + "." + type.group()));
        return definition == null ? PLAIN : CustomTable.of(definition, type.version());
    }

    private static void add(ArrayNode cells, @Nullable Object cell) {
        switch (cell) {
            case null -> cells.addNull();
            case Integer number -> cells.add(number.intValue());
            case Long number -> cells.add(number.longValue());
            case Double number -> cells.add(number.doubleValue());
            case Boolean flag -> cells.add(flag.booleanValue());
            default -> cells.add(cell.toString());
        }
    }

    private static void addCompletion(ObjectNode row, String phase) {
        String message = COMPLETED.get(phase);
        if (message != null) {
            row.putArray("conditions")
                    .addObject()
                    .put("type", "Completed")
                    .put("status", "True")
                    .put("reason", phase)
                    .put("message", message);
        }
    }

    private static Map<String, KindTable> builtIn() {
        Map<String, KindTable> all = new HashMap<>();
        for (Map<String, KindTable> some :
                Set.of(
                        Map.of("Pod", PodTable.TABLE, "Scale.autoscaling", WorkloadTables.SCALE),
                        WorkloadTables.TABLES,
                        NetworkTables.TABLES,
                        StorageTables.TABLES,
                        ClusterTables.TABLES,
                        PolicyTables.TABLES)) {
            all.putAll(some);
        }
        return Map.copyOf(all);
    }
}

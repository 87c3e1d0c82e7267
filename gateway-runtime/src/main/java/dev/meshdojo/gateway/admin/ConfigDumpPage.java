package dev.meshdojo.gateway.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.FieldMaskUtil;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /config_dump}, with {@code resource}, {@code mask} and {@code include_eds}. */
final class ConfigDumpPage {

    private ConfigDumpPage() {}

    static AdminResponse page(AdminView view, Map<String, String> query) {
        List<Message> dumps = new ArrayList<>();
        dumps.add(bootstrap(view));
        dumps.add(clusters(view));
        if (query.containsKey("include_eds")) {
            dumps.add(EndpointsDump.of(view.clusters()));
        }
        dumps.add(listeners(view));
        dumps.add(ScopedRoutesConfigDump.getDefaultInstance());
        dumps.add(routes(view));
        dumps.add(secrets(view));
        String resource = query.get("resource");
        String mask = query.get("mask");
        List<Message> chosen = resource == null ? dumps : find(dumps, resource);
        if (chosen == null) {
            return AdminResponse.text(404, resource + " not found in config dump");
        }
        if (mask != null) {
            chosen = masked(chosen, mask);
            if (chosen.isEmpty()) {
                return AdminResponse.text(
                        400,
                        "FieldMask " + mask + " could not be successfully applied to any configs.");
            }
        }
        ConfigDump.Builder dump = ConfigDump.newBuilder();
        chosen.forEach(message -> dump.addConfigs(Any.pack(message)));
        return AdminResponse.json(AdminJson.print(dump));
    }

    private static @Nullable List<Message> find(List<Message> dumps, String resource) {
        for (Message dump : dumps) {
            FieldDescriptor field = dump.getDescriptorForType().findFieldByName(resource);
            if (field == null) {
                continue;
            }
            if (field.isRepeated()) {
                return ((List<?>) dump.getField(field)).stream().map(Message.class::cast).toList();
            }
            return dump.getField(field) instanceof Message one ? List.of(one) : null;
        }
        return null;
    }

    private static List<Message> masked(List<Message> messages, String mask) {
        FieldMask fields = FieldMaskUtil.fromStringList(List.of(mask.split(",")));
        List<Message> result = new ArrayList<>();
        for (Message message : messages) {
            if (FieldMaskUtil.isValid(message.getDescriptorForType(), fields)) {
                Message.Builder reduced = message.newBuilderForType();
                FieldMaskUtil.merge(fields, message, reduced);
                result.add(reduced.build());
            }
        }
        return result;
    }

    private static BootstrapConfigDump bootstrap(AdminView view) {
        return BootstrapConfigDump.newBuilder()
                .setBootstrap(Redaction.redact(view.bootstrap()))
                .setLastUpdated(timestamp(view.now().minus(view.uptime())))
                .build();
    }

    private static ClustersConfigDump clusters(AdminView view) {
        ClustersConfigDump.Builder dump =
                ClustersConfigDump.newBuilder().setVersionInfo(view.clustersVersion());
        for (var loaded : view.staticClusters()) {
            dump.addStaticClustersBuilder()
                    .setCluster(pack(loaded.resource()))
                    .setLastUpdated(timestamp(loaded.lastUpdated()));
        }
        for (var loaded : view.dynamicClusters()) {
            var entry =
                    dump.addDynamicActiveClustersBuilder()
                            .setVersionInfo(loaded.version())
                            .setCluster(pack(loaded.resource()))
                            .setLastUpdated(timestamp(loaded.lastUpdated()));
            if (loaded.failure() != null) {
                entry.setErrorState(failure(loaded.failure()));
            }
        }
        return dump.build();
    }

    private static ListenersConfigDump listeners(AdminView view) {
        ListenersConfigDump.Builder dump =
                ListenersConfigDump.newBuilder().setVersionInfo(view.listenersVersion());
        for (var loaded : view.staticListeners()) {
            dump.addStaticListenersBuilder()
                    .setListener(pack(loaded.resource()))
                    .setLastUpdated(timestamp(loaded.lastUpdated()));
        }
        for (var loaded : view.dynamicListeners()) {
            var entry = dump.addDynamicListenersBuilder().setName(loaded.name());
            if (loaded.resource() != null) {
                entry.getActiveStateBuilder()
                        .setVersionInfo(loaded.version())
                        .setListener(pack(loaded.resource()))
                        .setLastUpdated(timestamp(loaded.lastUpdated()));
            }
            if (loaded.failure() != null) {
                entry.setErrorState(failure(loaded.failure()));
            }
        }
        return dump.build();
    }

    private static RoutesConfigDump routes(AdminView view) {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        for (var loaded : view.staticRoutes()) {
            dump.addStaticRouteConfigsBuilder()
                    .setRouteConfig(pack(loaded.resource()))
                    .setLastUpdated(timestamp(loaded.lastUpdated()));
        }
        for (var loaded : view.dynamicRoutes()) {
            var entry =
                    dump.addDynamicRouteConfigsBuilder()
                            .setVersionInfo(loaded.version())
                            .setRouteConfig(pack(loaded.resource()))
                            .setLastUpdated(timestamp(loaded.lastUpdated()));
            if (loaded.failure() != null) {
                entry.setErrorState(failure(loaded.failure()));
            }
        }
        return dump.build();
    }

    private static SecretsConfigDump secrets(AdminView view) {
        SecretsConfigDump.Builder dump = SecretsConfigDump.newBuilder();
        for (var loaded : view.activeSecrets()) {
            var entry =
                    dump.addDynamicActiveSecretsBuilder()
                            .setName(loaded.name())
                            .setVersionInfo(loaded.version())
                            .setLastUpdated(timestamp(loaded.lastUpdated()));
            if (loaded.resource() != null) {
                entry.setSecret(Any.pack(Redaction.redact(loaded.resource())));
            }
        }
        for (var loaded : view.warmingSecrets()) {
            dump.addDynamicWarmingSecretsBuilder()
                    .setName(loaded.name())
                    .setVersionInfo("uninitialized")
                    .setLastUpdated(timestamp(loaded.lastUpdated()));
        }
        return dump.build();
    }

    private static Any pack(@Nullable Message resource) {
        return resource == null ? Any.getDefaultInstance() : Any.pack(resource);
    }

    private static UpdateFailureState failure(Loaded.Failure failure) {
        return UpdateFailureState.newBuilder()
                .setFailedConfiguration(Any.pack(Redaction.redact(failure.resource())))
                .setLastUpdateAttempt(timestamp(failure.at()))
                .setDetails(failure.details())
                .setVersionInfo(failure.version())
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        long millis = instant.toEpochMilli();
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1000))
                .setNanos(Math.floorMod(millis, 1000) * 1_000_000)
                .build();
    }
}

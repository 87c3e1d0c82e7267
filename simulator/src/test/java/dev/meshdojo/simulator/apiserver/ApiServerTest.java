package dev.meshdojo.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiServerTest {

    @Test
    void serves_a_real_client_over_token_and_over_certificate() {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults())) {
            for (String kubeconfig :
                    new String[] {server.kubeconfig(), server.certificateKubeconfig()}) {
                try (KubernetesClient client = client(kubeconfig)) {
                    assertThat(client.namespaces().list().getItems())
                            .extracting(namespace -> namespace.getMetadata().getName())
                            .containsExactly(
                                    "default", "kube-node-lease", "kube-public", "kube-system");
                    assertThat(client.apps().deployments().inAnyNamespace().list().getItems())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void refuses_strangers() {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults());
                KubernetesClient client =
                        client(server.kubeconfig().replace(server.token(), "guess"))) {
            assertThatThrownBy(() -> client.namespaces().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(401));
        }
    }

    @Test
    void feeds_informers_from_writes_through_both_doors() {
        try (ApiServer server = ApiServer.start(ApiServerOptions.defaults());
                KubernetesClient client = client(server.kubeconfig())) {
            client.configMaps().inNamespace("default").resource(configMap("a", "1")).create();
            try (SharedIndexInformer<ConfigMap> informer =
                    client.configMaps().inNamespace("default").inform()) {
                ResourceKey key = new ResourceKey("", "configmaps", "default", "a");
                server.api()
                        .edit(
                                key,
                                object -> {
                                    object.withObject("data").put("k", "2");
                                    return object;
                                });
                client.configMaps().inNamespace("default").resource(configMap("b", "3")).create();
                Awaitility.await()
                        .untilAsserted(
                                () ->
                                        assertThat(informer.getStore().list())
                                                .extracting(map -> map.getData().get("k"))
                                                .containsExactlyInAnyOrder("2", "3"));
                server.api().delete(key);
                Awaitility.await()
                        .untilAsserted(() -> assertThat(informer.getStore().list()).hasSize(1));
            }
        }
    }

    static KubernetesClient client(String kubeconfig) {
        return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
    }

    private static ConfigMap configMap(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToData("k", value)
                .build();
    }
}

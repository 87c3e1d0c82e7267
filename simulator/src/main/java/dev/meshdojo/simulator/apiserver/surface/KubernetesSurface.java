package dev.meshdojo.simulator.apiserver.surface;

import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.authorization.AuthorizationExtension;
import dev.meshdojo.simulator.apiserver.authorization.TokenReviews;
import dev.meshdojo.simulator.apiserver.discovery.DiscoveryExtension;
import dev.meshdojo.simulator.apiserver.openapi.OpenApiExtension;
import dev.meshdojo.simulator.apiserver.table.KubernetesTables;
import java.time.InstantSource;

/**
 * Adds access control, discovery, OpenAPI documents, tables and the objects of a fresh control
 * plane to an API server. Install it before anything that makes objects.
 *
 * @param clock what ages in tables count from
 * @param address the server's address as clients inside the cluster know it, HOST:PORT
 */
public record KubernetesSurface(InstantSource clock, String address) implements ApiServerExtension {

    @Override
    public void install(ExtensionPoints points) {
        ResourceApi api = points.api("kube-apiserver");
        points.http(new AuthorizationExtension(api, clock, new TokenReviews(points::tokenUser)));
        points.allowAnonymous();
        points.tables(new KubernetesTables(api, clock));
        points.http(new DiscoveryExtension(points.registry(), address));
        points.http(new OpenApiExtension(points.registry(), api));
        ApiServiceRegistrar registrar = new ApiServiceRegistrar(api, points.registry(), clock);
        points.onClose(registrar);
        registrar.start();
    }
}

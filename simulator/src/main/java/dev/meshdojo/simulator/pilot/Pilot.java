package dev.meshdojo.simulator.pilot;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.gatewayapi.GatewayApi;
import dev.meshdojo.simulator.pilot.ingress.Ingresses;
import dev.meshdojo.simulator.pilot.model.MeshIndex;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The control plane's translation: what the mesh's objects mean to one proxy, as xDS. Pure: the
 * same input gives the same output, and nothing is read but the arguments. Thread-safe.
 */
public final class Pilot {

    private Pilot() {}

    /**
     * Translates a snapshot for a proxy.
     *
     * @param keys key sets for tokens whose rule names an address
     */
    public static XdsSnapshot translate(
            MeshSnapshot snapshot, ProxyIdentity proxy, JwksSource keys) {
        return translate(model(snapshot), snapshot.revision(), proxy, keys);
    }

    /** Translates a snapshot for a proxy, with no key sets fetched. */
    public static XdsSnapshot translate(MeshSnapshot snapshot, ProxyIdentity proxy) {
        return translate(snapshot, proxy, JwksSource.NONE);
    }

    /** Indexes a snapshot, for translating it for several proxies. */
    public static MeshModel model(MeshSnapshot snapshot) {
        return index().update(snapshot);
    }

    /** An index that follows a mesh from one snapshot to the next. */
    public static MeshIndex index() {
        List<String> kinds = new ArrayList<>(GatewayApi.KINDS);
        kinds.addAll(Ingresses.KINDS);
        GatewayApi gatewayApi = new GatewayApi();
        return new MeshIndex(
                kinds,
                (snapshot, mesh) ->
                        gatewayApi.convert(snapshot, mesh).plus(Ingresses.convert(snapshot, mesh)));
    }

    /**
     * Translates an indexed snapshot for a proxy.
     *
     * @param revision becomes the version of the result
     */
    public static XdsSnapshot translate(
            MeshModel model, String revision, ProxyIdentity proxy, JwksSource keys) {
        return new ProxyTranslator(proxy).translate(model, revision, keys);
    }
}

package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claims the objects that a controller's selector matches: adopts orphans, lets go of owned ones
 * that match no more. Source: client-go's controller reference manager.
 */
public final class Ownership {

    private final ControllerContext context;
    private final Informer informer;
    private final String group;
    private final String plural;

    /** For claims on one kind. */
    public Ownership(ControllerContext context, String group, String plural) {
        this.context = context;
        this.informer = context.informer(group, plural);
        this.group = group;
        this.plural = plural;
    }

    /** The objects of the owner's namespace that it controls after claiming, in name order. */
    public List<ObjectNode> claim(ObjectNode owner, LabelSelector selector) {
        List<ObjectNode> claimed = new ArrayList<>();
        for (ObjectNode object : informer.list(Meta.namespace(owner))) {
            ObjectNode mine = claimOne(owner, selector, object);
            if (mine != null) {
                claimed.add(mine);
            }
        }
        return claimed;
    }

    private @Nullable ObjectNode claimOne(
            ObjectNode owner, LabelSelector selector, ObjectNode object) {
        boolean matches = selector.matches(Meta.labels(object));
        if (Meta.controller(object) != null) {
            if (!Meta.controlledBy(object, owner)) {
                return null;
            }
            if (matches) {
                return object;
            }
            if (!Meta.deleting(owner)) {
                edit(object, copy -> Meta.release(copy, owner));
            }
            return null;
        }
        if (!matches || Meta.deleting(owner) || Meta.deleting(object)) {
            return null;
        }
        return edit(object, copy -> Meta.control(copy, owner));
    }

    private @Nullable ObjectNode edit(
            ObjectNode object, java.util.function.Consumer<ObjectNode> change) {
        ResourceKey key = new ResourceKey(group, plural, Meta.namespace(object), Meta.name(object));
        ObjectNode stored =
                context.api()
                        .edit(
                                key,
                                copy -> {
                                    if (copy == null || !Meta.uid(copy).equals(Meta.uid(object))) {
                                        return null;
                                    }
                                    change.accept(copy);
                                    return copy;
                                });
        return stored == null || !Meta.uid(stored).equals(Meta.uid(object))
                ? null
                : informer.observe(stored);
    }
}

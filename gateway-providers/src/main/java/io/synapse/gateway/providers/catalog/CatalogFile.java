package io.synapse.gateway.providers.catalog;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads model catalogs written in YAML: the one that comes with the gateway, and an operator's beside it. Text goes in, a
 * catalog or a {@link CatalogException} comes out; nothing is remembered, so a changed file is simply read again.
 * Stateless.
 *
 * <p>The format is told at the head of the shipped file, {@code catalog.yaml} beside this class. It is strict: what is
 * unknown, missing, ill-typed, named twice or priced beyond belief is refused.
 */
public final class CatalogFile {
    private static final String SHIPPED = "catalog.yaml";

    private CatalogFile() {}

    /** The catalog that comes with the gateway. */
    public static ModelCatalog shipped() {
        return catalog(List.of(Entries.read(SHIPPED, shippedText())));
    }

    /**
     * The shipped catalog with a file of the operator's over it: an entry whose id is shipped takes the shipped one's
     * place as a whole, any other is added, and a default replaces the shipped one of its modality.
     *
     * @param file the file's name, for messages
     * @param yaml its text
     * @throws CatalogException if the file cannot be used
     */
    public static ModelCatalog shippedWith(String file, String yaml) {
        return catalog(List.of(Entries.read(SHIPPED, shippedText()), Entries.read(file, yaml)));
    }

    /**
     * A catalog of one file alone, without the shipped models.
     *
     * @param file the file's name, for messages
     * @param yaml its text
     * @throws CatalogException if the file cannot be used
     */
    public static ModelCatalog only(String file, String yaml) {
        return catalog(List.of(Entries.read(file, yaml)));
    }

    private static String shippedText() {
        try (InputStream in = CatalogFile.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the shipped catalog is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the shipped catalog cannot be read", e);
        }
    }

    private static ModelCatalog catalog(List<Entries> files) {
        Map<String, Model> models = new LinkedHashMap<>();
        Map<String, String> fileOf = new HashMap<>();
        Map<Modality, String> defaults = new EnumMap<>(Modality.class);
        for (Entries entries : files) {
            entries.models().forEach((id, model) -> {
                models.put(id, model);
                fileOf.put(id, entries.file());
            });
            defaults.putAll(entries.defaults());
        }
        Map<String, Model> byName = names(models, fileOf);
        for (Entries entries : files) {
            entries.defaults().forEach((modality, name) -> check(entries.file(), modality, name, byName));
        }
        return ModelCatalog.of(new ArrayList<>(models.values()), defaults);
    }

    private static Map<String, Model> names(Map<String, Model> models, Map<String, String> fileOf) {
        Map<String, Model> byName = new HashMap<>(models);
        for (Model model : models.values()) {
            for (String alias : model.aliases()) {
                Model other = byName.putIfAbsent(alias, model);
                if (other != null) {
                    throw new CatalogException(
                            fileOf.get(model.id()) + ": model " + model.id() + ": aliases: the name " + alias
                                    + " is taken by model " + other.id() + " of " + fileOf.get(other.id()),
                            null);
                }
            }
        }
        return byName;
    }

    private static void check(String file, Modality modality, String name, Map<String, Model> byName) {
        Model model = byName.get(name);
        if (model == null || model.modality() != modality) {
            throw new CatalogException(
                    file + ": defaults." + modality.wireName() + ": " + name
                            + (model == null
                                    ? " is no model of the catalog"
                                    : " is a model for " + model.modality().wireName()),
                    null);
        }
    }
}

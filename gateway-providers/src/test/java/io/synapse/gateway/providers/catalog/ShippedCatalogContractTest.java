package io.synapse.gateway.providers.catalog;

import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.testkit.ModelCatalogContract;

class ShippedCatalogContractTest extends ModelCatalogContract {
    @Override
    protected ModelCatalog catalog() {
        return CatalogFile.shipped();
    }
}

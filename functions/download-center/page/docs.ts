import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUi from 'swagger-ui-dist/swagger-ui-es-bundle.js';

// Same origin: the session's cookie goes along, so that the routes can be tried from here.
SwaggerUi({ dom_id: '#reference', url: '/v1/openapi.json', deepLinking: true });
